from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from audit.reading.history import HistoryMixin
from clinical.models import Prescription, PrescriptionItem, PrescriptionTemplate
from clinical.services.prescription_templates import save_prescription_template
from hms.core.admin import (
    MatchingMixin,
    NoDeleteMixin,
    ReadOnlyAdmin,
    ReadOnlyMixin,
    ServiceAdmin,
    VisibleToMixin,
)
from hms.core.periods import by_time


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


@admin.register(Prescription)
class PrescriptionAdmin(HistoryMixin, MatchingMixin, VisibleToMixin, ReadOnlyAdmin):
    """Prescriptions of the patients whom a doctor or nurse treats; written on the page of the visit."""

    list_display = ["reference", "patient", "doctor", "status", "signed_at", "valid_until", "paper"]
    list_filter = ["status", "is_overridden", by_time("signed_at")]
    list_select_related = ["patient", "doctor", "appointment"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]  # shows the search box; PatientOwnedQuerySet.matching searches
    search_help_text = _("Patient number, phone, e-mail, or the beginning of a name")
    inlines = [PrescriptionItemInline]
    fields = ["reference", "patient", "doctor", "appointment", "status", "weight_kg", "signed_at"]
    fields += ["valid_until", "is_overridden", "check_result", "dispensed_at", "dispensed_by", "withdrawn_at"]
    fields += ["withdrawal_reason", "paper"]

    @admin.display(description=_("paper"))
    def paper(self, prescription):
        if prescription.is_draft:
            page = reverse("admin:prescribe", args=[prescription.appointment.reference])
            return format_html('<a href="{}">{}</a>', page, _("Write"))
        page = reverse("admin:print-prescription", args=[prescription.reference])
        return format_html('<a href="{}">{}</a>', page, _("Show and print"))

    @admin.display(description=_("check"))
    def check_result(self, prescription):
        lines = (" ".join(filter(None, [each["text"], each["reason"]])) for each in prescription.findings)
        return "\n".join(lines) or "-"


@admin.register(PrescriptionTemplate)
class PrescriptionTemplateAdmin(HistoryMixin, NoDeleteMixin, ServiceAdmin):
    """A doctor's own templates."""

    list_display = ["name", "is_active"]
    search_fields = ["name"]
    fields = ["name", "lines", "is_active"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(doctor__user=request.user)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and hasattr(request.user, "doctor")

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        if obj.pk is None:
            obj.doctor = request.user.doctor
        save_prescription_template(template=obj, by=request.user)
