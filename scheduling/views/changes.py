"""Editing, moving and cancelling by patients; submitting a form twice is harmless."""

from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby

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
from scheduling.availability import BookingTerms, Move, Slot, find_slot
from scheduling.forms.changes import CancelForm, RescheduleForm, SymptomsForm
from scheduling.models import Appointment, Doctor
from scheduling.models.appointment import last_change_before
from scheduling.moments import parse_moment
from scheduling.own import changeable_appointment_or_404, reads_symptoms
from scheduling.services import cancel_appointment, edit_symptoms, reschedule_appointment
from scheduling.services.changes import move_of
from scheduling.statuses import AppointmentStatus, name_of_place
from scheduling.views.doctors import picker_context
from scheduling.views.picker import Picker, reason_against
from scheduling.views.policy import possible_with
from scheduling.views.times import kind_in, kinds_of
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
    """Choose another time, of the same or another doctor, confirm it, and move the appointment."""
    appointment = changeable_appointment_or_404(request, reference)
    target = Target.of(appointment, request.POST if request.method == "POST" else request.GET)
    if request.method == "POST":
        return _move(request, appointment, target)
    slot, problem = target.requested_slot(request.GET.get("at", ""))
    if not slot:
        return _choose(request, appointment, target, problem)
    chosen = {"at": request.GET["at"], "doctor": target.doctor.reference, "kind": target.kind}
    form = RescheduleForm(initial=chosen, row=appointment)
    until = last_change_before(slot.starts_at)
    context = {"starts_at": slot.starts_at, "change_until": until, "is_last_change": timezone.now() > until}
    context |= {"target": target, "slot": slot, **_places(appointment, slot)}
    return _page(request, "scheduling/confirm_reschedule.html", appointment, form, **context)


def _places(appointment: Appointment, slot: Slot) -> dict[str, str]:
    """Where the visit is now, and where it would be."""
    return {"old_place": appointment.place, "new_place": name_of_place(slot.branch[0], slot.mode)}


@dataclass(frozen=True)
class Target:
    """The doctor to move to, and the kind of visit there."""

    doctor: Doctor
    kind: str
    page: str  # of the doctor's times, up to the next part of the query
    move: Move
    is_another: bool = False
    problem: str = ""  # with the doctor whom the query names

    @classmethod
    def of(cls, appointment: Appointment, query) -> "Target":
        """As the query asks; the appointment's doctor with a problem if nobody is named who can be booked."""
        page = reverse("scheduling:reschedule", args=[appointment.reference]) + "?"
        asked = query.get("doctor", "")
        stays = move_of(appointment, appointment.doctor, appointment.visit_kind)
        same = (appointment.doctor, appointment.visit_kind, page, stays)
        if asked in ("", appointment.doctor.reference):
            return cls(*same)
        doctors = Doctor.objects.bookable().select_related("department", "specialization")
        doctor = doctors.filter(reference=asked).first()
        if doctor is None:
            return cls(*same, problem=_("This doctor cannot be booked. Choose another one."))
        kind = kind_in(query, doctor)
        move = move_of(appointment, doctor, kind)
        return cls(doctor, kind, f"{page}doctor={asked}&", move, is_another=True)

    @property
    def times_page(self) -> str:
        kind = f"kind={self.kind}&" if self.is_another and self.kind else ""
        return self.page + kind

    def requested_slot(self, text: str) -> tuple[Slot | None, str]:
        if not text or self.problem:
            return None, self.problem
        starts_at = parse_moment(text)
        if starts_at is None:
            return None, _("This is not a valid time. Choose one of these.")
        terms = BookingTerms.for_patients().of_kind(self.kind).moving(self.move)
        slot = find_slot(self.doctor, starts_at, terms=terms)
        reason = reason_against(starts_at, slot)
        return (None, str(reason.label)) if reason else (slot, "")


def _move(request, appointment: Appointment, target: Target):
    form = RescheduleForm(request.POST, row=appointment)
    if form.is_valid() and not target.problem:
        where = {"starts_at": form.cleaned_data["at"], "doctor": target.doctor}
        where |= {"visit_kind": target.kind} if target.is_another else {}
        try:
            form.save_unless_changed(
                lambda: reschedule_appointment(appointment=appointment, by=request.user, **where)
            )
        except ValidationError as refusal:
            problem = " ".join(refusal.messages)
            return _choose(request, form.row, target, problem, status=HTTPStatus.CONFLICT)
        messages.success(request, _("Moved. Your new time is below."))
        return redirect(appointment)
    problem = target.problem or " ".join(form.errors.get("at", []))
    return _choose(request, appointment, target, problem, status=HTTPStatus.CONFLICT)


def _choose(request, appointment: Appointment, target: Target, problem: str, status: int = 200):
    book, page = f"{target.times_page}at=", target.page.rstrip("?&")
    picker = Picker(doctors=[target.doctor], book=book, page=page, kind=target.kind, move=target.move)
    context = picker_context(picker, request.GET)
    context |= {"problem": problem or context["day_problem"], "target": target}
    if target.is_another:
        context["kinds"] = kinds_of(target.doctor, target.page, target.kind)
    context["departments"] = _by_department(appointment.doctor)
    return _page(request, "scheduling/reschedule.html", appointment, None, status=status, **context)


def _by_department(first: Doctor) -> list[tuple[str, list[Doctor]]]:
    """Everybody who can be booked, the doctor's own department first."""
    doctors = Doctor.objects.bookable().select_related("department", "specialization")
    doctors = sorted(doctors, key=lambda one: _department_order(one, first))
    return [(name, list(group)) for name, group in groupby(doctors, key=lambda one: one.department.name)]


def _department_order(doctor: Doctor, first: Doctor) -> tuple:
    is_other = doctor.department_id != first.department_id
    return is_other, doctor.department.name, doctor.full_name, doctor.pk


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
