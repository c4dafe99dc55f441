from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from audit.reading.history import HistoryMixin
from clinical.models import Prescription, PrescriptionItem
from clinical.services import dispense_prescription, withdraw_prescription
from clinical.statuses import PrescriptionStatus as Status
from hms.core.admin import (
    MatchingMixin,
    NoDeleteMixin,
    ReadOnlyMixin,
    ServiceAdmin,
    VisibleToMixin,
)
from hms.core.periods import by_time

SIGN = "clinical.sign_prescription"


class PrescriptionItemInline(ReadOnlyMixin, admin.TabularInline):
    model = PrescriptionItem
    fields = ["title", "brand", "drug_schedule", "dose", "dose_unit", "schedule", "duration_days"]
    fields += ["quantity", "instructions"]
    readonly_fields = ["title"]
    verbose_name_plural = _("items")

    def has_view_permission(self, request, obj=None):  # noqa: ARG002 - part of the prescription
        return request.user.has_perm("clinical.view_prescription")

    @admin.display(description=_("medicine"))
    def title(self, item):
        return item.title


class NextStepForm(forms.ModelForm):
    """Records that the medicines were handed out, or withdraws the prescription."""

    relies_on = ("status",)

    becomes = forms.ChoiceField(label=_("Change the status to"))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=200, help_text=_("Needed to withdraw.")
    )

    class Meta:
        model = Prescription
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = Status.STEPS[self.instance.status] if self.instance.pk else ()
        steps = [(status.value, status.label) for status in Status if status in allowed]
        self.fields["becomes"].choices = [("", "---------"), *steps]


@admin.register(Prescription)
class PrescriptionAdmin(HistoryMixin, NoDeleteMixin, MatchingMixin, VisibleToMixin, ServiceAdmin):
    """Prescriptions of the patients whom a doctor or nurse treats; written on the page of the visit."""

    form = NextStepForm
    list_display = ["reference", "patient", "doctor", "status", "signed_at", "valid_until", "paper"]
    list_filter = ["status", "is_overridden", by_time("signed_at")]
    list_select_related = ["patient", "doctor", "appointment"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]  # shows the search box; PatientOwnedQuerySet.matching searches
    search_help_text = _("Patient number, phone, e-mail, or the beginning of a name")
    inlines = [PrescriptionItemInline]
    readonly_fields = ["reference", "patient", "doctor", "appointment", "status", "weight_kg", "signed_at"]
    readonly_fields += ["valid_until", "is_overridden", "check_result", "dispensed_at", "dispensed_by"]
    readonly_fields += ["withdrawn_at", "withdrawal_reason", "paper"]

    def has_add_permission(self, request):  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, request, obj=None):
        """Whether the person may take a step that is left."""
        takes = {Status.DISPENSED: "clinical.dispense_prescription", Status.WITHDRAWN: SIGN}
        left = takes if obj is None or obj.is_draft else Status.STEPS[obj.status]
        is_open = obj is None or not obj.is_draft
        return is_open and any(request.user.has_perm(takes[step]) for step in left)

    def get_fields(self, request, obj=None):
        boxes = ["becomes", "reason"] if self.has_change_permission(request, obj) else []
        return [*self.readonly_fields, *boxes]

    def save_with_service(self, request, obj, form):
        if form.cleaned_data["becomes"] == Status.DISPENSED:
            dispense_prescription(prescription=obj, by=request.user)
        else:
            reason = form.cleaned_data["reason"]
            withdraw_prescription(prescription=obj, reason=reason, by=request.user)
        obj.refresh_from_db()

    @admin.display(description=_("paper"))
    def paper(self, prescription):
        if prescription.is_draft:
            page, word = reverse("admin:prescribe", args=[prescription.appointment.reference]), _("Write")
        else:
            page, word = prescription.get_absolute_url(), _("Show and print")
        return format_html('<a href="{}">{}</a>', page, word)

    @admin.display(description=_("check"))
    def check_result(self, prescription):
        lines = (" ".join(filter(None, [each["text"], each["reason"]])) for each in prescription.findings)
        return "\n".join(lines) or "-"
