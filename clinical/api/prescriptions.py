from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.response import Response

from accounts.access import visible_or_404
from accounts.serializers import PatientInShort
from clinical.api.people import OfPatient
from clinical.models import Prescription, PrescriptionItem
from clinical.prescription_papers import notice_of
from clinical.statuses import DoseForm, Route
from hms.core.api.serializers import ModelSerializer


class Item(ModelSerializer):
    form = serializers.ChoiceField(DoseForm.choices, read_only=True, allow_blank=True)
    route = serializers.ChoiceField(Route.choices, read_only=True, allow_blank=True)

    class Meta:
        model = PrescriptionItem
        fields = [
            *("position", "name", "brand", "form", "strength", "drug_schedule", "route", "dose", "dose_unit"),
            *("schedule", "duration_days", "quantity", "instructions"),
        ]
        read_only_fields = fields


class PrescriptionData(ModelSerializer):
    ref = serializers.CharField(source="reference", read_only=True)
    patient = PatientInShort(read_only=True)
    doctor = serializers.CharField(source="doctor.full_name", read_only=True)
    notice = serializers.SerializerMethodField(help_text="Why it must not be used any more; or empty.")
    items = Item(many=True, read_only=True)

    class Meta:
        model = Prescription
        fields = ["ref", "patient", "doctor", "status", "signed_at", "valid_until", "notice", "items"]
        read_only_fields = fields

    def get_notice(self, prescription) -> str:
        return notice_of(prescription)


def signed(user):
    found = Prescription.objects.visible_to(user).signed()
    return found.for_paper().order_by("-signed_at", "-pk")


@extend_schema_view(get=extend_schema(operation_id="list_prescriptions"))
class Prescriptions(generics.ListAPIView):
    """Signed prescriptions, for patients and those who treat them, with those that were withdrawn."""

    serializer_class = PrescriptionData
    filterset_class = OfPatient

    def get_queryset(self):
        return signed(self.request.user)


class OnePrescription(generics.GenericAPIView):
    serializer_class = PrescriptionData

    @extend_schema(operation_id="show_prescription")
    def get(self, request, ref):
        return Response(PrescriptionData(visible_or_404(request, signed(request.user), ref)).data)
