"""Moving, editing and cancelling an appointment."""

from datetime import datetime

from django.utils import timezone

from accounts.models import Patient
from hms.core.states import StepRefused
from hms.core.transactions import retried_atomic
from scheduling.availability import Move
from scheduling.exceptions import SlotTaken, TooLateToChange
from scheduling.models import Appointment, Doctor, PutAway
from scheduling.services.booking import hold_slot
from scheduling.services.claims import release_time
from scheduling.services.limits import check_limit_of_day
from scheduling.services.permissions import manages, require_right_to_book, require_right_to_change
from scheduling.services.slots import kind_at, take_slot
from scheduling.services.steps import lock, take_step
from scheduling.signals import appointment_cancelled, appointment_rescheduled
from scheduling.statuses import HOLDING, AppointmentStatus


@retried_atomic
def reschedule_appointment(
    *,
    appointment: Appointment,
    starts_at: datetime,
    by,
    doctor: Doctor | None = None,
    visit_kind: str = "",
) -> Appointment:
    """Move a booked appointment to another offered time, possibly of another doctor.

    One transaction releases the old time and takes the new one; if the new one is refused, the old one stays.
    Moving to the current time changes nothing unless the kind of visit is another. If none is given, the kind
    stays with the doctor, and is the first with another one. Refuses like `hold_slot`, and with
    `TooLateToChange`.
    """
    appointment = lock(appointment)
    require_right_to_change(by, appointment)
    doctor = doctor or appointment.doctor
    if _is_as_asked(appointment, doctor, visit_kind) and appointment.starts_at == starts_at:
        return appointment
    if appointment.status != AppointmentStatus.BOOKED:
        raise StepRefused(AppointmentStatus(appointment.status), AppointmentStatus.BOOKED)
    _require_notice(appointment, by, at=timezone.now())
    _require_target(by, appointment.patient_id, doctor.pk, starts_at)
    if visit_kind or doctor.pk != appointment.doctor_id:
        appointment.visit_kind = visit_kind
    _take_other_slot(appointment, doctor, starts_at, by)
    return appointment


def move_of(appointment: Appointment, doctor: Doctor, visit_kind: str) -> Move:
    """For the times of this doctor: all that `reschedule_appointment` takes and that changes something."""
    is_as_asked = _is_as_asked(appointment, doctor, visit_kind)
    return Move(appointment.pk, appointment.starts_at.timestamp() if is_as_asked else None)


def _is_as_asked(appointment: Appointment, doctor: Doctor, visit_kind: str) -> bool:
    is_same_kind = not visit_kind or kind_at(doctor, visit_kind) == appointment.visit_kind
    return is_same_kind and appointment.doctor_id == doctor.pk


def _take_other_slot(appointment: Appointment, doctor: Doctor, starts_at: datetime, by) -> None:
    was = {"was_doctor_id": appointment.doctor_id, "was_at": appointment.starts_at}
    was["is_by_patient"] = not _is_managed(appointment, by)
    release_time(appointment)
    appointment.doctor, appointment.sequence = doctor, appointment.sequence + 1
    appointment.told_late_minutes = 0  # of the other time and doctor nobody has been told
    appointment.coming_at = None
    take_slot(appointment, by=by, starts_at=starts_at)
    check_limit_of_day(appointment, by)
    appointment_rescheduled.send(Appointment, appointment=appointment, by=by, **was)


@retried_atomic
def cancel_appointment(*, appointment: Appointment, by, reason: str = "") -> Appointment:
    """Cancel and release the time; a second call changes nothing.

    Refuses patients with `TooLateToChange` within the notice period or after check-in, and everybody if the
    status cannot be cancelled.
    """
    appointment = lock(appointment)
    require_right_to_change(by, appointment)
    if appointment.status == AppointmentStatus.CANCELLED:
        return appointment
    require_time_to_cancel(appointment, by, at=timezone.now())
    cancel_locked(appointment, by, reason, is_by_patient=not _is_managed(appointment, by))
    return appointment


def cancel_locked(appointment: Appointment, by, reason: str, *, is_by_patient: bool) -> None:
    take_step(appointment, AppointmentStatus.CANCELLED, reason=reason)
    release_time(appointment)
    appointment_cancelled.send(Appointment, appointment=appointment, by=by, is_by_patient=is_by_patient)


def coming_visits(patient: Patient, by) -> list[Appointment]:
    """The patient's coming visits that this person may cancel now, the next first."""
    now = timezone.now()
    visits = Appointment.objects.changeable_by(by).upcoming(now).filter(patient=patient)
    visits = visits.filter(status__in=(AppointmentStatus.HELD, AppointmentStatus.BOOKED), starts_at__gt=now)
    return [visit for visit in visits.for_list().order_by("starts_at", "pk") if _in_time(visit, by, now)]


def _in_time(visit: Appointment, by, now: datetime) -> bool:
    try:
        require_time_to_cancel(visit, by, at=now)
    except TooLateToChange:
        return False
    return True


@retried_atomic
def cancel_coming_visits(*, patient: Patient, by) -> int:
    """Cancel what `coming_visits` lists; returns how many."""
    visits = coming_visits(patient, by)
    for visit in visits:
        cancel_appointment(appointment=visit, by=by)
    return len(visits)


@retried_atomic
def hold_instead(
    *,
    hold: Appointment,
    patient: Patient,
    doctor: Doctor,
    starts_at: datetime,
    symptoms: str = "",
    visit_kind: str = "",
    idempotency_key: str | None = None,
    by,
) -> Appointment:
    """Replace a hold, for example with one of the same time for another person.

    If the new hold is refused, the old one stays. Refuses with `SlotTaken` if it has become a booking.
    """
    status = lock(hold).status
    if status == AppointmentStatus.HELD:
        cancel_appointment(appointment=hold, by=by)
    elif status in HOLDING:
        raise SlotTaken
    return hold_slot(
        patient=patient,
        doctor=doctor,
        starts_at=starts_at,
        symptoms=symptoms,
        visit_kind=visit_kind,
        idempotency_key=idempotency_key,
        by=by,
    )


@retried_atomic
def edit_symptoms(*, appointment: Appointment, symptoms: str, by) -> Appointment:
    """Change what the patient says before the visit; refused once the consultation has begun."""
    appointment = lock(appointment)
    require_right_to_book(by, appointment.patient_id)
    if appointment.status not in (
        AppointmentStatus.HELD,
        AppointmentStatus.BOOKED,
        AppointmentStatus.ARRIVED,
    ):
        raise TooLateToChange
    appointment.symptoms = symptoms.strip()
    appointment.save(update_fields=["symptoms"])
    return appointment


@retried_atomic
def put_away(*, appointment: Appointment, by) -> None:
    """Take an appointment off the list of `by`, after cancelling it if it is still to come.

    Refuses like `cancel_appointment`; one that has ended, or goes on, only leaves the list.
    """
    appointment = lock(appointment)
    require_right_to_change(by, appointment)
    if AppointmentStatus.CANCELLED in AppointmentStatus.STEPS[appointment.status]:
        cancel_appointment(appointment=appointment, by=by)
    PutAway.objects.get_or_create(user=by, appointment=appointment)


def require_time_to_cancel(appointment: Appointment, by, *, at: datetime) -> None:
    """Refuse with `TooLateToChange` patients within the notice or after the check-in."""
    if appointment.status == AppointmentStatus.ARRIVED and not _is_managed(appointment, by):
        raise TooLateToChange
    if appointment.status != AppointmentStatus.HELD:
        _require_notice(appointment, by, at=at)


def _require_notice(appointment: Appointment, by, *, at: datetime) -> None:
    if at > appointment.change_until and not _is_managed(appointment, by):
        raise TooLateToChange


def _require_target(by, patient_id: int, doctor_id: int, starts_at: datetime) -> None:
    """Carers move to any doctor; doctors to their own days."""
    if not manages(by, doctor_id, starts_at):
        require_right_to_book(by, patient_id)


def _is_managed(appointment: Appointment, by) -> bool:
    return manages(by, appointment.doctor_id, appointment.starts_at)
