"""A booking as it goes out, and what comes in."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.serializers import PatientInShort
from hms.core.api.serializers import KnownFields, ModelSerializer
from scheduling.api.directory import DepartmentInShort
from scheduling.api.moments import MomentField
from scheduling.models import Appointment, Branch, Doctor
from scheduling.statuses import AppointmentStatus, VisitKind

SYMPTOMS_LENGTH = Appointment._meta.get_field("symptoms").max_length


class DoctorInShort(ModelSerializer):
    ref = serializers.CharField(source="reference", read_only=True)
    department = DepartmentInShort(read_only=True)
    specialization = serializers.CharField(source="specialization.name", read_only=True)

    class Meta:
        model = Doctor
        fields = ["ref", "full_name", "specialization", "department"]
        read_only_fields = fields


class BranchInShort(ModelSerializer):
    class Meta:
        model = Branch
        fields = ["code", "name"]
        read_only_fields = fields


class BookingInList(ModelSerializer):
    ref = serializers.CharField(source="reference", read_only=True)
    doctor = DoctorInShort(read_only=True)
    branch = BranchInShort(read_only=True)
    patient = PatientInShort(read_only=True)
    visit_kind = serializers.ChoiceField(VisitKind.choices, read_only=True, allow_blank=True)

    class Meta:
        model = Appointment
        fields = [
            *("ref", "status", "starts_at", "ends_at", "mode", "doctor", "branch", "patient"),
            *("visit_kind", "held_until", "booked_at", "ended_at", "cancellation_reason", "token"),
            "created_at",
        ]
        read_only_fields = fields


class Booking(BookingInList):
    """One booking; `symptoms` are null for those who neither treat nor care for the patient."""

    symptoms = serializers.SerializerMethodField()
    change_until = serializers.DateTimeField(
        help_text="Until when patients move or cancel it.", read_only=True
    )

    class Meta(BookingInList.Meta):
        fields = [*BookingInList.Meta.fields, "symptoms", "change_until"]
        read_only_fields = fields

    def get_symptoms(self, appointment) -> str | None:
        return appointment.symptoms if getattr(appointment, "symptoms_are_read", False) else None


class NewBooking(KnownFields):
    doctor = serializers.CharField(max_length=10, help_text="The `ref` of a doctor.")
    starts_at = MomentField()
    patient = serializers.CharField(
        max_length=10, required=False,
        help_text="The `ref` of a patient for whom the login may book; without it, the login's own.",
    )  # fmt: skip
    symptoms = serializers.CharField(max_length=SYMPTOMS_LENGTH, required=False, allow_blank=True, default="")
    visit_kind = serializers.ChoiceField(
        VisitKind.choices, required=False, default="", allow_blank=True,
        help_text="Of a doctor for whom it decides how long the visit is; otherwise, the first.",
    )  # fmt: skip
    pay = serializers.ChoiceField(
        [("desk", _("At the front desk")), ("online", _("Online"))],
        help_text="`desk` books; `online` holds the time until it is paid or the hold runs out.",
    )

    def validate_pay(self, way: str) -> str:
        if way == "online" and not settings.ONLINE_GATEWAY:
            raise serializers.ValidationError(
                _("Payment is taken at the front desk only."), "method_not_offered"
            )
        return way


class ChangedBooking(KnownFields):
    """One change at a time."""

    status = serializers.ChoiceField(
        [(AppointmentStatus.CANCELLED.value, AppointmentStatus.CANCELLED.label)], required=False
    )
    starts_at = MomentField(required=False)
    symptoms = serializers.CharField(max_length=SYMPTOMS_LENGTH, required=False, allow_blank=True)

    def validate(self, attrs):
        if len(attrs) != 1:
            raise serializers.ValidationError(_("Send one of status, starts_at and symptoms."), "one_change")
        return attrs
