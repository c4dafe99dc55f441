"""Editing, moving and cancelling by patients; submitting a form twice is harmless."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.field_checks import checks_fields
from hms.core.refusals import put_on_form
from scheduling.availability import find_slot
from scheduling.forms.changes import CancelForm, RescheduleForm, SymptomsForm
from scheduling.models import Appointment
from scheduling.models.appointment import last_change_before
from scheduling.moments import parse_moment
from scheduling.own import changeable_appointment_or_404, reads_symptoms
from scheduling.services import cancel_appointment, edit_symptoms, reschedule_appointment
from scheduling.statuses import AppointmentStatus
from scheduling.views.doctors import picker_context
from scheduling.views.picker import Picker, reason_against
from scheduling.views.policy import possible_with
from scheduling.views.words import words_of

get_and_post = require_http_methods(["GET", "HEAD", "POST"])


def _symptoms_form(request, reference) -> SymptomsForm:
    appointment = changeable_appointment_or_404(request, reference)
    if not reads_symptoms(request.user, appointment):
        raise PermissionDenied
    return SymptomsForm(_sent(request), row=appointment)


def _cancel_form(request, reference) -> CancelForm:
    return CancelForm(_sent(request), row=changeable_appointment_or_404(request, reference))


@login_required
@get_and_post
@checks_fields(_symptoms_form)
def edit_appointment_symptoms(request, reference):
    form = _symptoms_form(request, reference)
    appointment = form.row
    if request.method == "POST" and _done(
        form, edit_symptoms, appointment=appointment, by=request.user, fields=("symptoms",)
    ):
        messages.success(request, _("Saved. The doctor will see it."))
        return redirect(appointment)
    return _page(request, "scheduling/edit_symptoms.html", appointment, form)


@login_required
@get_and_post
@checks_fields(_cancel_form)
def cancel(request, reference):
    form = _cancel_form(request, reference)
    appointment = form.row
    if request.method == "POST" and _done(
        form, cancel_appointment, appointment=appointment, by=request.user, fields=("reason",)
    ):
        messages.success(request, _("Cancelled. The time is free for somebody else now."))
        return redirect(appointment)
    if appointment.status == AppointmentStatus.CANCELLED:
        return redirect(appointment)
    return _page(request, "scheduling/cancel_appointment.html", appointment, form)


@login_required
@get_and_post
def reschedule(request, reference):
    """Choose another time of the same doctor, confirm it, and move the appointment."""
    appointment = changeable_appointment_or_404(request, reference)
    if request.method == "POST":
        return _move(request, appointment)
    starts_at, problem = _requested_time(appointment, request.GET.get("at", ""))
    if starts_at:
        form = RescheduleForm(initial={"at": request.GET["at"]}, row=appointment)
        until = last_change_before(starts_at)
        context = {"starts_at": starts_at, "change_until": until, "is_last_change": timezone.now() > until}
        return _page(request, "scheduling/confirm_reschedule.html", appointment, form, **context)
    return _choose(request, appointment, problem)


def _move(request, appointment: Appointment):
    form = RescheduleForm(request.POST, row=appointment)
    if form.is_valid():
        try:
            form.save_unless_changed(
                lambda: reschedule_appointment(
                    appointment=appointment, starts_at=form.cleaned_data["at"], by=request.user
                )
            )
        except ValidationError as refusal:
            return _choose(request, form.row, " ".join(refusal.messages), status=HTTPStatus.CONFLICT)
        messages.success(request, _("Moved. Your new time is below."))
        return redirect(appointment)
    return _choose(request, appointment, " ".join(form.errors.get("at", [])), status=HTTPStatus.CONFLICT)


def _requested_time(appointment: Appointment, text: str):
    if not text:
        return None, ""
    starts_at = parse_moment(text)
    if starts_at is None:
        return None, _("This is not a valid time. Choose one of these.")
    reason = reason_against(starts_at, find_slot(appointment.doctor, starts_at))
    return (None, str(reason.label)) if reason else (starts_at, "")


def _choose(request, appointment: Appointment, problem: str, status: int = 200):
    page = reverse("scheduling:reschedule", args=[appointment.reference])
    picker = Picker(doctors=[appointment.doctor], book=f"{page}?at=", page=page)
    context = picker_context(picker, request.GET)
    context |= {"problem": problem or context["day_problem"]}
    return _page(request, "scheduling/reschedule.html", appointment, None, status=status, **context)


def _sent(request):
    return request.POST if request.method == "POST" else None


def _done(form, service, *, appointment: Appointment, by, fields: tuple) -> bool:
    """Call the service with the form's fields; a refusal appears at the top of the form."""
    if not form.is_valid():
        return False
    try:
        typed = {name: form.cleaned_data[name] for name in fields}
        form.save_unless_changed(lambda: service(appointment=appointment, by=by, **typed))
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return False
    return True


def _page(request, template: str, appointment: Appointment, form, *, status: int = 200, **context):
    if form is not None and form.conflict:
        appointment, status = form.row, form.status
    context |= {
        "appointment": appointment,
        "form": form,
        "can": possible_with(appointment, request.user),
        **words_of(appointment),
    }
    return render(request, template, context, status=status)
