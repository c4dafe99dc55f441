"""Changes to one appointment with a form of their own: cancel, and another time."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hms.core.forms import RowForm
from hms.core.refusals import put_on_form
from scheduling.admin.times import TimesOfDay, kind_of_visit, kinds_to_choose
from scheduling.availability import BookingTerms
from scheduling.forms.staff_booking import AskTheDeskForm, CancelForm, DeskNoteForm, MoveForm, SettleForm
from scheduling.models import Appointment, Doctor
from scheduling.moments import parse_day
from scheduling.services import (
    ask_the_desk,
    cancel_appointment,
    reschedule_appointment,
    settle_what_was_asked,
    write_desk_note,
)
from scheduling.services.changes import move_of
from scheduling.services.permissions import (
    doctors_booked_by,
    is_desk,
    manages,
    may_ask_the_desk,
    reads_desk_note,
)
from scheduling.statuses import AppointmentStatus

_S = AppointmentStatus


@dataclass(frozen=True)
class Change:
    name: str
    title: str
    form: type[RowForm]
    service: Callable[..., Appointment]
    done: str
    may: Callable[..., bool]
    possible_in: frozenset = frozenset(_S)
    button: str = ""  # if it does not say the title
    template: str = "admin/scheduling/change.html"

    def is_offered(self, user, appointment: Appointment) -> bool:
        return appointment.status in self.possible_in and self.may(user, appointment)


def may_change(user, appointment: Appointment) -> bool:
    return manages(user, appointment.doctor_id, appointment.starts_at)


def may_settle(user, appointment: Appointment) -> bool:
    return bool(appointment.asked_of_desk) and is_desk(user)


CHANGES = {
    change.name: change
    for change in (
        Change(
            name="reschedule",
            title=_("Another time"),
            form=MoveForm,
            service=reschedule_appointment,
            possible_in=frozenset({_S.BOOKED}),
            done=_("The appointment is moved."),
            may=may_change,
            template="admin/scheduling/reschedule.html",
        ),
        Change(
            name="cancel",
            title=_("Cancel the appointment"),
            form=CancelForm,
            service=cancel_appointment,
            possible_in=frozenset({_S.HELD, _S.BOOKED, _S.ARRIVED}),
            done=_("The appointment is cancelled."),
            may=may_change,
        ),
        Change(
            name="note",
            title=_("Note of the desk"),
            form=DeskNoteForm,
            service=write_desk_note,
            done=_("The note is saved."),
            may=reads_desk_note,
            button=_("Save the note"),
        ),
        Change(
            name="ask",
            title=_("Ask the front desk"),
            form=AskTheDeskForm,
            service=ask_the_desk,
            done=_("The front desk has it on its list."),
            may=may_ask_the_desk,
        ),
        Change(
            name="settle",
            title=_("Mark the request as done"),
            form=SettleForm,
            service=settle_what_was_asked,
            done=_("Removed from the front desk's list."),
            may=may_settle,
        ),
    )
}


def offered_changes(user, appointment: Appointment) -> list[Change]:
    return [change for change in CHANGES.values() if change.is_offered(user, appointment)]


def change_appointment(model_admin, request, object_id: str, name: str):
    """GET shows the form of the change, POST calls the service."""
    appointment = model_admin.get_object(request, object_id)
    if appointment is None:
        return model_admin._get_obj_does_not_exist_redirect(request, model_admin.opts, object_id)
    change = CHANGES[name]
    if not change.may(request.user, appointment):
        raise PermissionDenied
    form = change.form(request.POST if request.method == "POST" else None, row=appointment)
    page = page_of(request, change, appointment, form)
    if form.is_valid() and changed(request, page, form):
        model_admin.message_user(request, str(change.done), messages.SUCCESS)
        return HttpResponseRedirect(page["back"])
    page |= model_admin.admin_site.each_context(request) | {"appointment": form.row}
    return TemplateResponse(request, change.template, page, status=form.status)


def changed(request, page: dict, form: RowForm) -> bool:
    """Whether the service succeeds; otherwise the form shows why."""
    booking_request = dict(form.cleaned_data)
    if "times" in page:
        doctor, kind = page["times"].doctor, booking_request["visit_kind"]
        booking_request = {"starts_at": booking_request["time"], "doctor": doctor, "visit_kind": kind}
    service, appointment = page["change"].service, page["appointment"]
    try:
        form.save_unless_changed(lambda: service(appointment=appointment, by=request.user, **booking_request))
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return False
    return True


def page_of(request, change: Change, appointment: Appointment, form: RowForm) -> dict:
    page = {
        "title": change.title,
        "opts": appointment._meta,
        "change": change,
        "appointment": appointment,
        "form": form,
        "back": reverse("admin:scheduling_appointment_change", args=[appointment.pk]),
    }
    if change.name == "reschedule":
        page |= times_for(request, appointment, form)
    return page


def times_for(request, appointment: Appointment, form: RowForm) -> dict:
    """Times of the requested doctor (by default the current one) on the requested day."""
    doctor, doctors = doctor_and_others(request, appointment)
    form.doctor = doctor
    day = parse_day(request.GET.get("day", "")) or timezone.localdate(appointment.starts_at)
    kind = kind_of_move(request, appointment, doctor, form)
    page = f"?doctor={doctor.reference}&"
    kept = f"{page}kind={kind}&" if kind else page
    terms = BookingTerms.for_staff().of_kind(kind).moving(move_of(appointment, doctor, kind))
    return {
        "times": TimesOfDay(doctor, day, form.data.get("time", ""), terms),
        "doctors": doctors,
        "kind": kind,
        "kinds": kinds_to_choose(kind, page),
        "day_link": f"{kept}day=",
    }


def doctor_and_others(request, appointment: Appointment) -> tuple[Doctor, list[Doctor]]:
    """The doctor whose times are shown, and all who can be chosen, among them always that doctor."""
    every = Doctor.objects.select_related("department", "specialization")
    theirs = doctors_booked_by(request.user).bookable().select_related("department", "specialization")
    doctors = list(theirs.order_by("full_name"))
    asked = request.GET.get("doctor", "")
    doctor = next((one for one in doctors if one.reference == asked), None)
    doctor = doctor or every.get(pk=appointment.doctor_id)
    return doctor, doctors if doctor in doctors else [doctor, *doctors]


def kind_of_move(request, appointment: Appointment, doctor: Doctor, form: RowForm) -> str:
    """The kind that was answered; with the same doctor by default the kind that the visit has."""
    asked = form.data.get("visit_kind") or request.GET.get("kind", "")
    if doctor.pk == appointment.doctor_id:
        asked = asked or appointment.visit_kind
    return kind_of_visit(request.user, appointment.patient_id, doctor, asked)
