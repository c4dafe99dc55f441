from django.db.models import OuterRef, Subquery
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.response import Response

from accounts.access import visible_or_404
from accounts.serializers import PatientInShort
from clinical.api.people import OfPatient
from clinical.models import LabResult, LabTest
from clinical.models.lab_result import COMPARATORS
from hms.core.api.serializers import ModelSerializer

# Not by a join, with which MariaDB reads the results of all patients test by test.
POSITION = Subquery(LabTest.objects.filter(pk=OuterRef("order__test")).order_by().values("position"))


class Result(ModelSerializer):
    ref = serializers.CharField(source="reference", read_only=True)
    patient = PatientInShort(read_only=True)
    test = serializers.CharField(source="order.test.name", read_only=True)
    test_code = serializers.CharField(source="order.test.code", read_only=True)
    sample = serializers.CharField(source="order.label", read_only=True)
    collected_at = serializers.DateTimeField(source="order.collected_at", read_only=True, allow_null=True)
    shown = serializers.CharField(read_only=True, help_text="The result in words: number with unit, or text.")
    comparator = serializers.ChoiceField(COMPARATORS, read_only=True, allow_blank=True)
    usual_range = serializers.CharField(source="shown_range", read_only=True)

    class Meta:
        model = LabResult
        fields = [
            *("ref", "patient", "test", "test_code", "sample", "collected_at", "shown"),
            *("comparator", "value", "unit", "usual_range", "flag", "note_for_patient", "acknowledged_at"),
        ]
        read_only_fields = fields


def for_patients(user):
    """Of those whom the user treats or cares for; working in the laboratory is no ground to read here."""
    found = LabResult.objects.visible_to(user).for_patients().select_related("patient", "order__test")
    if user.is_authenticated and user.has_perm(LabResult.view_every_permission):
        found = found.filter(LabResult.carer_grounds(user) | LabResult.staff_grounds(user))
    return found.order_by("-order__collected_at", POSITION, "pk")


@extend_schema_view(get=extend_schema(operation_id="list_results"))
class Results(generics.ListAPIView):
    """Laboratory results that a doctor has acknowledged, for patients and those who treat them."""

    serializer_class = Result
    filterset_class = OfPatient

    def get_queryset(self):
        return for_patients(self.request.user)


class OneResult(generics.GenericAPIView):
    serializer_class = Result

    @extend_schema(operation_id="show_result")
    def get(self, request, ref):
        return Response(Result(visible_or_404(request, for_patients(request.user), ref)).data)
