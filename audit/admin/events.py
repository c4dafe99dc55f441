"""The log for auditors: read-only for everybody, superusers too."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.admin.export import export_as_csv, export_as_json
from audit.admin.filters import (
    DayFilter,
    KindFilter,
    PatientFilter,
    PersonFilter,
    RecordFilter,
    RequestFilter,
    RoleFilter,
)
from audit.capture.reads import note_entry
from audit.models import Action, AuditEvent, Outcome
from audit.reading.diff import details_of, kind_of, labels_of, lines_of, seen_of
from audit.reading.pages import CappedPaginator
from audit.reading.search import condition_for, patient_names
from hms.core.admin import ReadOnlyAdmin
from hms.core.periods import by_time

MOST_PATIENTS = 50
CHANGED = (Action.UPDATE, Action.PERMISSION_CHANGE)
CIRCUMSTANCES = ["source", "origin", "address", "request_id", "on_behalf_of", "reason"]


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["time", "person", "did", "record", "patient", "what", "source"]
    list_filter = [
        by_time("recorded_at"),
        DayFilter,
        "action",
        RoleFilter,
        "source",
        "outcome",
        KindFilter,
        PatientFilter,
        PersonFilter,
        RecordFilter,
        RequestFilter,
    ]
    search_fields = ["actor_label"]  # shows the box; see `get_search_results`
    search_help_text = _(
        "A patient number, the reference or key of a record, the id of a request, "
        "or part of a person's name, e-mail address or reason."
    )
    actions = [export_as_csv, export_as_json]
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they count the whole log
    list_per_page = 50
    fieldsets = [
        (None, {"fields": ["time", "time_in_utc", "person", "actor_roles", "did", "record", "patient"]}),
        (_("Circumstances"), {"fields": CIRCUMSTANCES}),
    ]
    change_form_template = "admin/audit/auditevent/change_form.html"

    def get_search_results(self, _request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        return queryset.filter(condition_for(search_term)), False

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        _name_patients(changelist.result_list)
        return changelist

    def get_object(self, request, object_id, from_field=None):
        event = super().get_object(request, object_id, from_field)
        _name_patients([event] if event else [])
        return event

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        note_entry(obj)
        context |= {
            "title": f"{self.did(obj)}: {self.record(obj)}" if obj.model else self.did(obj),
            "subtitle": None,
            "lines": list(lines_of(obj, with_private=False)),
            "details": details_of(obj),
            "shown": patients_on(obj),
            "related": self.related(obj),
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def related(self, obj: AuditEvent) -> list[tuple[str, str]]:
        """Links to entries of the same record, patient, person and request."""
        record = {"model": obj.model, "object_pk": obj.object_pk}
        wanted = [
            (_("All of this record"), record, obj.object_pk),
            (_("All of this patient"), {"patient_id": obj.patient_id}, obj.patient_id),
            (_("All by this person"), {"actor_id": obj.actor_id}, obj.actor_id),
            (_("All of this request"), {"request_id": obj.request_id}, obj.request_id),
        ]
        return [(label, log_address(**filters)) for label, filters, known in wanted if known]

    @admin.display(description=_("time"), ordering="recorded_at")
    def time(self, obj):
        return date_format(timezone.localtime(obj.recorded_at), "j M Y g:i:s A")

    @admin.display(description=_("time in UTC"))
    def time_in_utc(self, obj):
        return obj.recorded_at.isoformat(sep=" ")

    @admin.display(description=_("action"), ordering="action")
    def did(self, obj):
        if obj.outcome == Outcome.DONE:
            return obj.get_action_display()
        return f"{obj.get_action_display()} ({obj.get_outcome_display().lower()})"

    @admin.display(description=_("person"))
    def person(self, obj):
        return obj.actor_label or obj.details.get("email")

    @admin.display(description=_("record"))
    def record(self, obj):
        return f"{kind_of(obj)} {obj.object_repr or obj.object_pk}".strip() or None

    @admin.display(description=_("patient"))
    def patient(self, obj):
        if obj.patient_id is None:
            number = len(obj.details.get("patients", ()))
            return ngettext("%d patient", "%d patients", number) % number if number else "-"
        return format_html('<a href="{}">{}</a>', log_address(patient_id=obj.patient_id), obj.patient_name)

    @admin.display(description=_("what"))
    def what(self, obj):
        """The page, or the changed columns; none for a created or deleted row, where it is all of them."""
        said = ", ".join(labels_of(obj)) if obj.action in CHANGED else seen_of(obj)
        return Truncator(said).chars(60)


def _name_patients(events: Iterable[AuditEvent]) -> None:
    names = patient_names(event.patient_id for event in events)
    for event in events:
        event.patient_name = names.get(event.patient_id, event.patient_id)


def patients_on(event: AuditEvent) -> dict:
    """Patients who were on the list or in the search results: the first of them, and how many more."""
    ids = event.details.get("patients", [])
    some = ids[:MOST_PATIENTS]
    names = patient_names(some)
    return {
        "patients": [(names.get(pk, pk), log_address(patient_id=pk)) for pk in some],
        "more": len(ids) - len(some),
    }


def log_address(**filters) -> str:
    return f"{reverse('admin:audit_auditevent_changelist')}?{urlencode(filters)}"
