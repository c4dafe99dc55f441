"""The page on which a nurse or doctor records the vital signs of one visit."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BoundField
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from clinical.admin.visits import visit_or_404
from clinical.forms.vitals import RecordVitalsForm
from clinical.models import VitalSigns
from clinical.services import record_vitals
from clinical.services.offers import offered_pages
from clinical.vitals.readings import BLOOD_PRESSURE, Latest, latest_vitals
from clinical.vitals.summary import Summary
from clinical.vitals.trends import growth_trends, trends_of
from hms.core.refusals import put_on_form
from scheduling.models import Appointment

MOST_ROWS = 200


@dataclass(frozen=True)
class Box:
    """A box of the form, and the last value of what it asks for."""

    field: BoundField
    last: Latest | None


def show_vitals(admin_site, request, reference: str):
    """GET shows the form, the vital signs of the visit and the trends; POST records."""
    user = request.user
    if not user.has_perm("clinical.view_vitalsigns"):
        raise PermissionDenied
    appointment = visit_or_404(request, reference)
    form = RecordVitalsForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and recorded(request, appointment, form):
        return HttpResponseRedirect(request.path)
    page = page_of(user, appointment, form) | admin_site.each_context(request)
    return TemplateResponse(request, "admin/clinical/record_vitals.html", page)


def recorded(request, appointment: Appointment, form: RecordVitalsForm) -> bool:
    """Whether the service has recorded; otherwise the form shows why not."""
    try:
        record_vitals(
            patient=appointment.patient, appointment=appointment, **form.measurements(), by=request.user
        )
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return False
    patient = appointment.patient
    if form.cleaned_data.get("weight_kg") and (
        doubt := VitalSigns.objects.visible_to(request.user).last_weight(patient)[1]
    ):
        text = _("The weight is not plausible (%(why)s) and is not used for doses. Please measure it again.")
        messages.warning(request, text % {"why": doubt})
    words = ", ".join(entry.in_words for entry in form.entries)
    messages.success(request, _("Recorded: %(words)s") % {"words": words} if words else _("Recorded."))
    return True


def page_of(user, appointment: Appointment, form: RecordVitalsForm) -> dict:
    patient = appointment.patient
    born = patient.date_of_birth
    rows = list(VitalSigns.objects.visible_to(user).filter(patient=patient).valid()[:MOST_ROWS])
    latest = latest_vitals(rows, born=born)
    return {
        "title": _("Vital signs of %(patient)s") % {"patient": patient.full_name},
        "appointment": appointment,
        "offered": offered_pages(appointment, user),
        "patient": patient,
        "form": form,
        "boxes": boxes_of(form, latest),
        "latest": latest,
        "of_visit": [Summary(row, patient) for row in rows if row.appointment_id == appointment.pk],
        "growth_trends": growth_trends(rows, gender=patient.gender, born=born),
        "trends": trends_of(rows, gender=patient.gender, born=born),
    }


def boxes_of(form: RecordVitalsForm, latest: list[Latest]) -> list[Box]:
    names = {"blood_pressure": BLOOD_PRESSURE}
    last = {each.reading.key: each for each in reversed(latest)}
    last |= {each.reading.name: each for each in reversed(latest)}
    return [Box(field, last.get(names.get(field.name, field.name))) for field in form.visible_fields()]
