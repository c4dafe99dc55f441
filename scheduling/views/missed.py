"""The page after a no-show: why, and a new time with one tap."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.field_checks import checks_fields
from hms.core.refusals import put_on_form
from scheduling.forms.missed import MissedForm
from scheduling.own import changeable_appointment_or_404
from scheduling.services import explain_missed
from scheduling.services.missed import count_missed, terms_after_no_shows
from scheduling.statuses import AppointmentStatus
from scheduling.views.alternatives import alternatives
from scheduling.views.words import words_of


def _form(request, reference: str) -> MissedForm:
    visit = changeable_appointment_or_404(request, reference)
    if visit.status != AppointmentStatus.NO_SHOW:
        raise Http404
    return MissedForm(request.POST or None, row=visit)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@checks_fields(_form)
def explain(request, reference: str):
    form = _form(request, reference)
    if request.method == "POST" and form.is_valid() and _save(form, request.user):
        messages.success(request, _("Thank you for telling us."))
        return redirect("scheduling:explain-missed", reference)
    visit = form.row
    context = {
        "appointment": visit,
        "form": form,
        "offers": alternatives(visit.doctor, None, visit.visit_kind) if visit.doctor.is_active else [],
        "missed": count_missed(visit.patient_id),
        "terms": terms_after_no_shows(visit.patient_id, visit.doctor).value,
        **words_of(visit),
    }
    return render(request, "scheduling/explain_missed.html", context, status=form.status)


def _save(form: MissedForm, by) -> bool:
    try:
        form.save_unless_changed(lambda: explain_missed(appointment=form.row, by=by, **form.cleaned_data))
    except ValidationError as refusal:
        put_on_form(form, refusal)
    return form.is_valid()
