"""The one-button steps of an appointment: the service, who may call it, and when it is offered.

A button counts for the appointment as its page showed it: the patient may have arrived in the meantime.
The buttons only guide the user: the service checks the right, the status and the time again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hms.core.buttons import press, way_back
from scheduling.forms.changes import DayStepForm
from scheduling.models import Appointment
from scheduling.services import check_in, complete_consultation, mark_no_show, start_consultation
from scheduling.statuses import AppointmentStatus


def at_the_desk(user, _appointment) -> bool:
    return user.has_perm("scheduling.check_in")


def runs_the_visit(user, appointment: Appointment) -> bool:
    """Without a right to all appointments, one sees only those that one may run."""
    if not user.has_perm("scheduling.run_consultation"):
        return False
    is_own = appointment.doctor.user_id == user.pk
    return is_own or not user.has_perm("scheduling.view_every_appointment")


def desk_or_doctor(user, appointment: Appointment) -> bool:
    return at_the_desk(user, appointment) or appointment.doctor.user_id == user.pk


def may_arrive(appointment: Appointment) -> bool:
    return appointment.may_arrive(timezone.now())


def has_begun(appointment: Appointment) -> bool:
    return appointment.starts_at <= timezone.now()


def always(_appointment) -> bool:
    return True


@dataclass(frozen=True)
class DayStep:
    name: str
    label: str
    to: AppointmentStatus
    service: Callable[..., Appointment]
    may: Callable[..., bool]
    fits: Callable[[Appointment], bool] = always

    def is_offered(self, user, appointment: Appointment) -> bool:
        is_listed = self.to in AppointmentStatus.STEPS[appointment.status]
        return is_listed and self.fits(appointment) and self.may(user, appointment)


_S = AppointmentStatus
DAY_STEPS = {
    step.name: step
    for step in (
        DayStep("check-in", _("Check in"), _S.ARRIVED, check_in, at_the_desk, may_arrive),
        DayStep("start", _("Start"), _S.IN_CONSULTATION, start_consultation, runs_the_visit),
        DayStep("complete", _("Complete"), _S.COMPLETED, complete_consultation, runs_the_visit),
        DayStep("no-show", _("No-show"), _S.NO_SHOW, mark_no_show, desk_or_doctor, has_begun),
    )
}


def offered_steps(user, appointment: Appointment) -> list[DayStep]:
    return [step for step in DAY_STEPS.values() if step.is_offered(user, appointment)]


def steps_in_lists(user, appointment: Appointment) -> list[DayStep]:
    """Lists leave out the no-show button of a waiting patient, which is easy to press by mistake."""
    steps = offered_steps(user, appointment)
    if appointment.status == AppointmentStatus.ARRIVED:
        return [step for step in steps if step.to != AppointmentStatus.NO_SHOW]
    return steps


def take_step(model_admin, request, object_id: str, name: str):
    """POST: take one step of an appointment that the person can see, then redirect back."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    appointment = model_admin.get_object(request, object_id)
    if appointment is None:
        return model_admin._get_obj_does_not_exist_redirect(request, model_admin.opts, object_id)
    step = DAY_STEPS[name]
    if not step.may(request.user, appointment):
        raise PermissionDenied
    form = DayStepForm(request.POST, row=appointment, to=step.to)
    service = partial(step.service, appointment=appointment, by=request.user)
    press(request, form, service, about=appointment.patient.full_name, done=outcome)
    page = reverse("admin:scheduling_appointment_change", args=[appointment.pk])
    return HttpResponseRedirect(way_back(request, page))


def outcome(appointment: Appointment) -> str:
    said = {"who": appointment.patient.full_name, "token": appointment.token}
    if appointment.status == AppointmentStatus.ARRIVED:
        return _t("%(who)s has arrived: token %(token)d.") % said
    if appointment.status == AppointmentStatus.IN_CONSULTATION:
        return _t("%(who)s is in consultation.") % said
    if appointment.status == AppointmentStatus.COMPLETED:
        return _t("The visit of %(who)s is completed.") % said
    return _t("%(who)s is marked as a no-show.") % said
