from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from audit.reading.history import HistoryMixin
from clinical.models import Addendum, Diagnosis, EmergencyAccess, Encounter
from hms.core.admin import MatchingMixin, ReadOnlyAdmin, ReadOnlyMixin, VisibleToMixin
from hms.core.periods import by_time

TEXTS = ["complaint", "history", "examination", "assessment", "plan", "advice", "follow_up_on"]


class PartInline(ReadOnlyMixin, VisibleToMixin, admin.TabularInline):
    """Parts of a visit record, shown with it."""

    extra = 0
    can_delete = False


class DiagnosisInline(PartInline):
    model = Diagnosis
    fields = readonly_fields = ["title", "code", "is_provisional"]


class AddendumInline(PartInline):
    model = Addendum
    fields = readonly_fields = ["text", "recorded_by", "recorded_at"]


@admin.register(Encounter)
class EncounterAdmin(HistoryMixin, MatchingMixin, VisibleToMixin, ReadOnlyAdmin):
    """Records of visits, read-only: they are written on the page of the consultation."""

    list_display = ["patient", "visit", "status", "signed_on", "recorded_by"]
    list_filter = ["status", by_time("recorded_at")]
    list_select_related = ["patient", "appointment", "recorded_by"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]  # shows the search box; `matching` of the query set searches
    search_help_text = _("Patient number, phone, e-mail, or the beginning of a name")
    inlines = [DiagnosisInline, AddendumInline]
    fields = [
        "patient",
        "visit",
        *TEXTS,
        "status",
        "confidentiality",
        "signed_by",
        "signed_at",
        "recorded_by",
    ]

    @admin.display(description=_("visit"), ordering="appointment__starts_at")
    def visit(self, encounter):
        when = date_format(timezone.localtime(encounter.appointment.starts_at), "j M Y, g:i A")
        address = reverse("admin:consultation", args=[encounter.appointment.reference])
        return format_html('<a href="{}">{}</a>', address, when)

    @admin.display(description=_("signed on"), ordering="signed_at")
    def signed_on(self, encounter):
        return encounter.signed_at and date_format(timezone.localtime(encounter.signed_at), "j M Y, g:i A")


@admin.register(EmergencyAccess)
class EmergencyAccessAdmin(HistoryMixin, MatchingMixin, VisibleToMixin, ReadOnlyAdmin):
    """For auditors all emergency accesses, for others their own."""

    list_display = ["recorded_by", "patient", "reason", "began", "ends"]
    list_filter = [by_time("recorded_at")]
    list_select_related = ["patient", "recorded_by"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]  # shows the search box; `matching` of the query set searches
    fields = ["recorded_by", "patient", "reason", "began", "ends"]

    @admin.display(description=_("from"), ordering="recorded_at")
    def began(self, access):
        return date_format(timezone.localtime(access.recorded_at), "j M Y, g:i A")

    @admin.display(description=_("until"), ordering="ends_at")
    def ends(self, access):
        return date_format(timezone.localtime(access.ends_at), "g:i A")
