"""The chart: everything recorded about one patient in one timeline, for those who treat the patient."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.models import Patient
from accounts.models.owned import patient_owned_models
from accounts.names import name_key
from audit.capture.requests import searches_a_record
from clinical.admin.in_sight import InSight
from clinical.models import ClinicalRecord
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
    by: str


def show_chart(site, request, mrn: str):
    if not request.user.has_perm("clinical.view_encounter"):
        raise PermissionDenied
    patient = patient_or_404(request, mrn)
    kinds = {model._meta.model_name: model for model in charted_models()}
    asked = request.GET.get("kind", "")
    text = request.GET.get("q", "").strip()
    wanted = [kinds[asked]] if asked in kinds else list(kinds.values())
    rows = rows_of(request.user, patient, wanted)
    if text:
        searches_a_record(request)
        rows = [row for row in rows if matches(line_of(row), text)]
    shown = Paginator(rows, LINES_A_PAGE).get_page(request.GET.get("page"))
    shown.object_list = [line_of(row) for row in shown.object_list]
    page = site.each_context(request) | {
        "title": _("Chart"),
        "patient": patient,
        "in_sight": InSight(request.user, patient),
        "page": shown,
        "kinds": [(name, model._meta.verbose_name_plural) for name, model in kinds.items()],
        "asked": asked,
        "q": text,
    }
    return TemplateResponse(request, "admin/clinical/chart.html", page)


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


def rows_of(user, patient: Patient, models: list[type[ClinicalRecord]]) -> list[ClinicalRecord]:
    """The latest first, of each kind at most a thousand; one or two queries a kind."""
    found = []
    for model in models:
        rows = model.objects.visible_to(user).filter(patient=patient).select_related("recorded_by")
        latest = rows.prefetch_related(*model.chart_related).order_by(f"-{model.chart_at}", "-pk")
        found += latest[:MOST_OF_A_KIND]
    return sorted(found, key=lambda row: row.charted_at(), reverse=True)


def line_of(row: ClinicalRecord) -> Line:
    by = row.recorded_by
    return Line(
        at=row.charted_at(),
        kind=row._meta.model_name,
        label=str(row._meta.verbose_name),
        title=row.chart_title(),
        text=row.chart_text(),
        by=by.get_full_name() if isinstance(by, Model) else "",
    )


def matches(line: Line, text: str) -> bool:
    """Whether each word occurs in the line, in any case and without accents."""
    found = name_key(f"{line.label} {line.title} {line.text} {line.by}")
    return all(word in found for word in name_key(text).split())
