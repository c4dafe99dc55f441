"""The day of the visit: arrived, in consultation, completed, or no-show."""

from django.db.models import Max
from django.dispatch import Signal
from django.utils import timezone

from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM, acting, require
from hms.core.transactions import retried_atomic
from scheduling.exceptions import NotToday, NotYet, SlotTaken
from scheduling.models import Appointment, Doctor
from scheduling.services.claims import claim_time, release_time
from scheduling.services.steps import lock, take_step
from scheduling.signals import (
    appointment_arrived,
    appointment_completed,
    appointment_missed,
    appointment_started,
)
from scheduling.statuses import AppointmentStatus

MOST_SEATS = 100


@retried_atomic
def check_in(*, appointment: Appointment, by) -> Appointment:
    """Mark the patient as arrived and give the doctor's next token; a second call returns the same token.

    Refuses any day but today. A patient who arrives after being marked as a no-show gets a seat again.
    """
    require(by, "scheduling.check_in")
    appointment = lock(appointment)
    if appointment.status == AppointmentStatus.ARRIVED:
        return appointment
    today = timezone.localdate()
    if timezone.localdate(appointment.starts_at) != today:
        raise NotToday
    was_missed = appointment.status == AppointmentStatus.NO_SHOW
    take_step(
        appointment,
        AppointmentStatus.ARRIVED,
        token_on=today,
        token=appointment.token or _next_token(appointment.doctor_id, today),
    )
    if was_missed:
        _seat_again(appointment)
    appointment_arrived.send(Appointment, appointment=appointment, by=by)
    return appointment


@retried_atomic
def start_consultation(*, appointment: Appointment, by) -> Appointment:
    """Start the visit; refuses everybody but the appointment's doctor."""
    return _take_doctors_step(appointment, AppointmentStatus.IN_CONSULTATION, appointment_started, by=by)


@retried_atomic
def complete_consultation(*, appointment: Appointment, by) -> Appointment:
    """End the visit; refuses everybody but the appointment's doctor."""
    return _take_doctors_step(appointment, AppointmentStatus.COMPLETED, appointment_completed, by=by)


@retried_atomic
def mark_no_show(*, appointment: Appointment, by) -> Appointment:
    """Mark a no-show and free the rest of the time; refused before the appointment begins."""
    appointment = lock(appointment)
    if not _is_the_doctor(appointment, by):
        require(by, "scheduling.check_in")
    if appointment.status == AppointmentStatus.NO_SHOW:
        return appointment
    if appointment.starts_at > timezone.now():
        raise NotYet
    take_step(appointment, AppointmentStatus.NO_SHOW)
    release_time(appointment)
    appointment_missed.send(Appointment, appointment=appointment, by=by)
    return appointment


def _take_doctors_step(
    appointment: Appointment, wanted: AppointmentStatus, fact: Signal, *, by
) -> Appointment:
    """Move to `wanted` and send the signal `fact`; a second call changes nothing."""
    appointment = lock(appointment)
    require(by, "scheduling.run_consultation")
    if by is not SYSTEM and not _is_the_doctor(appointment, by):
        raise NotAllowed
    if appointment.status != wanted:
        take_step(appointment, wanted)
        fact.send(Appointment, appointment=appointment, by=by)
    return appointment


def _is_the_doctor(appointment: Appointment, by) -> bool:
    return acting(by).pk is not None and by.pk == appointment.doctor.user_id


def _next_token(doctor_id: int, day) -> int:
    """One more than the last token of the doctor's day; locks the doctor's row."""
    Doctor.objects.select_for_update().only("pk").get(pk=doctor_id)
    given = Appointment.objects.filter(doctor_id=doctor_id, token_on=day)
    return (given.aggregate(last=Max("token"))["last"] or 0) + 1


def _seat_again(appointment: Appointment) -> None:
    """Give a late patient the lowest seat that is free."""
    for seat in range(MOST_SEATS):
        appointment.seat = seat
        try:
            claim_time(appointment)
        except SlotTaken:
            continue
        return appointment.save(update_fields=["seat"])
    raise SlotTaken
