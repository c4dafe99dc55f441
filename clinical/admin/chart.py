"""The chart: everything recorded about one patient in one timeline, for those who treat the patient."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.models import Patient
from accounts.models.owned import patient_owned_models
from accounts.names import folded
from audit.capture.requests import searches_a_record
from clinical.admin.in_sight import InSight
from clinical.models import ClinicalRecord
from clinical.querysets.grounds import about_one_patient
from clinical.services.rights import treats
from hms.core.signals import access_denied

LINES_A_PAGE = 50
MOST_OF_A_KIND = 1000


@dataclass(frozen=True)
class Line:
    """One row of the chart."""

    at: datetime
    kind: str
    label: str
    title: str
    text: str
    searched: str  # more than is shown
    by: str
    void: str = ""  # why the row no longer holds
    doubt: str = ""


@dataclass(frozen=True)
class Entry:
    """Where a row of the chart is found, and when it belongs to."""

    at: datetime
    rows: QuerySet
    pk: int


def show_chart(site, request, mrn: str):
    if not request.user.has_perm("clinical.view_encounter"):
        raise PermissionDenied
    patient = patient_or_404(request, mrn)
    kinds = {model._meta.model_name: model for model in charted_models()}
    asked = request.GET.get("kind", "")
    text = request.GET.get("q", "").strip()
    wanted = [kinds[asked]] if asked in kinds else list(kinds.values())
    page = site.each_context(request) | {
        "title": _("Chart"),
        "patient": patient,
        "in_sight": InSight(request.user, patient),
        "kinds": [(name, model._meta.verbose_name_plural) for name, model in kinds.items()],
        "asked": asked,
        "q": text,
    }
    if text:
        searches_a_record(request)
    with about_one_patient(request.user, patient):
        page["page"] = page_of(request, entries_of(request.user, patient, wanted), text)
        return TemplateResponse(request, "admin/clinical/chart.html", page).render()


def patient_or_404(request, mrn: str) -> Patient:
    """The patient with this number if the person treats the patient; otherwise 404, logged."""
    patient = Patient.objects.visible_to(request.user).filter(mrn=mrn).first()
    if patient is None or not treats(request.user, patient):
        access_denied.send(Patient, request=request, key=mrn, field="mrn")
        raise Http404
    return patient


def charted_models() -> list[type[ClinicalRecord]]:
    return [
        model
        for model in patient_owned_models()
        if issubclass(model, ClinicalRecord) and model.chart_at is not None
    ]


def page_of(request, entries: list[Entry], text: str) -> Page:
    """One page of lines: all of them, or those in which the text occurs."""
    if text:
        lines = [line for line in lines_of(entries) if matches(line, text)]
        return Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page"))
    shown = Paginator(entries, LINES_A_PAGE).get_page(request.GET.get("page"))
    shown.object_list = lines_of(shown.object_list)
    return shown


def entries_of(user, patient: Patient, models: list[type[ClinicalRecord]]) -> list[Entry]:
    """The latest first, of each kind at most a thousand; one query a kind, of keys alone."""
    found = []
    for model in models:
        rows = model.objects.visible_to(user).filter(patient=patient)
        keys = rows.order_by(f"-{model.chart_at}", "-pk").values_list(model.chart_at, "pk")
        found += [Entry(at, rows, pk) for at, pk in keys[:MOST_OF_A_KIND]]
    return sorted(found, key=attrgetter("at"), reverse=True)


def lines_of(entries: Sequence[Entry]) -> list[Line]:
    """The lines of these entries, in their order; a query or two a kind."""
    kinds = defaultdict(list)
    for entry in entries:
        kinds[entry.rows].append(entry.pk)
    found = {}
    for rows, keys in kinds.items():
        related = rows.select_related("recorded_by").prefetch_related(*rows.model.chart_related)
        found |= {(rows, row.pk): line_of(row) for row in related.filter(pk__in=keys)}
    lines = (found.get((entry.rows, entry.pk)) for entry in entries)
    return [line for line in lines if line is not None]


def line_of(row: ClinicalRecord) -> Line:
    by = row.recorded_by
    return Line(
        at=row.charted_at(),
        kind=row._meta.model_name,
        label=str(row._meta.verbose_name),
        title=row.chart_title(),
        text=row.chart_text(),
        searched=row.chart_searched(),
        by=by.get_full_name() if isinstance(by, Model) else "",
        void=str(row.chart_void()),
        doubt=str(row.chart_doubt()),
    )


def matches(line: Line, text: str) -> bool:
    """Whether each word occurs in the line, in any case and without accents."""
    found = folded(f"{line.label} {line.title} {line.searched} {line.by} {line.void} {line.doubt}")
    return all(word in found for word in folded(text).split())
