"""Signed visit records: what a patient takes home from a visit, never the notes."""

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.response import Response

from accounts.access import visible_or_404
from accounts.serializers import PatientInShort
from clinical.api.people import OfPatient
from clinical.models import Addendum, Diagnosis, Encounter
from clinical.statuses.encounters import EncounterStatus
from hms.core.api.serializers import ModelSerializer


class DiagnosisLine(ModelSerializer):
    class Meta:
        model = Diagnosis
        fields = ["title", "code", "is_provisional"]
        read_only_fields = fields


class AddendumLine(ModelSerializer):
    class Meta:
        model = Addendum
        fields = ["text", "recorded_at"]
        read_only_fields = fields


class Record(ModelSerializer):
    ref = serializers.CharField(source="reference", read_only=True)
    patient = PatientInShort(read_only=True)
    doctor = serializers.CharField(source="appointment.doctor.full_name", read_only=True)
    booking = serializers.CharField(source="appointment.reference", read_only=True)
    visited_at = serializers.DateTimeField(source="appointment.starts_at", read_only=True)
    diagnoses = DiagnosisLine(many=True, read_only=True)
    addenda = AddendumLine(many=True, read_only=True)

    class Meta:
        model = Encounter
        fields = [
            *("ref", "patient", "doctor", "booking", "visited_at", "signed_at"),
            *("diagnoses", "advice", "follow_up_on", "addenda"),
        ]
        read_only_fields = fields


def signed(user):
    found = Encounter.objects.visible_to(user).filter(status=EncounterStatus.SIGNED)
    addenda = Addendum.objects.visible_to(user).for_list()
    found = found.select_related("patient", "appointment__doctor")
    return found.prefetch_related("diagnoses", Prefetch("addenda", addenda)).order_by("-signed_at", "-pk")


@extend_schema_view(get=extend_schema(operation_id="list_records"))
class Records(generics.ListAPIView):
    """Signed records of visits, for patients and those who treat them: diagnoses, advice and addenda."""

    serializer_class = Record
    filterset_class = OfPatient

    def get_queryset(self):
        return signed(self.request.user)


class OneRecord(generics.GenericAPIView):
    serializer_class = Record

    @extend_schema(operation_id="show_record")
    def get(self, request, ref):
        return Response(Record(visible_or_404(request, signed(request.user), ref)).data)
