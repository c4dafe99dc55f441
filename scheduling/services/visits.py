"""The day of the visit: arrived, in consultation, completed, or no-show."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Max
from django.dispatch import Signal
from django.utils import timezone

from hms.core.locks import lock_rows
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM, acting, require
from hms.core.transactions import retried_atomic
from scheduling.access import may_run
from scheduling.exceptions import SlotTaken
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

    Tokens count by the day of the appointment. Refuses days before it, but for the hours before midnight,
    and after a week. A patient who arrives after being marked as a no-show gets a seat again.
    """
    require(by, "scheduling.check_in")
    appointment = lock(appointment)
    if appointment.status == AppointmentStatus.ARRIVED:
        return appointment
    was_missed = appointment.status == AppointmentStatus.NO_SHOW
    day = timezone.localdate(appointment.starts_at)
    token = appointment.token or _next_token(appointment.doctor_id, day)
    take_step(appointment, AppointmentStatus.ARRIVED, token=token)
    if was_missed:
        _seat_again(appointment)
    appointment_arrived.send(Appointment, appointment=appointment, by=by)
    return appointment


@retried_atomic
def start_consultation(*, appointment: Appointment, by) -> Appointment:
    """Start the visit; refuses everybody but the doctor, a covering doctor and the doctor's nurse."""
    return _take_doctors_step(appointment, AppointmentStatus.IN_CONSULTATION, appointment_started, by=by)


@retried_atomic
def complete_consultation(*, appointment: Appointment, by) -> Appointment:
    """End the visit; refuses everybody but the doctor, a covering doctor and the doctor's nurse."""
    return _take_doctors_step(appointment, AppointmentStatus.COMPLETED, appointment_completed, by=by)


@retried_atomic
def mark_no_show(*, appointment: Appointment, by) -> Appointment:
    """Mark a no-show and free the rest of the time; refused before the appointment begins."""
    appointment = lock(appointment)
    if not _is_the_doctor(appointment, by):
        require(by, "scheduling.check_in")
    if appointment.status == AppointmentStatus.NO_SHOW:
        return appointment
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
    if by is not SYSTEM and not may_run(by, appointment):
        raise NotAllowed
    if appointment.status != wanted:
        take_step(appointment, wanted)
        fact.send(Appointment, appointment=appointment, by=by)
    return appointment


def _is_the_doctor(appointment: Appointment, by) -> bool:
    return acting(by).pk is not None and by.pk == appointment.doctor.user_id


def last_tokens(doctor_ids: Collection[int], days: Collection[date]) -> dict[tuple[int, date], int]:
    """The last token that each doctor gave on each day, 0 where none; locks the doctors, who count."""
    lock_rows(Doctor.objects.filter(pk__in=doctor_ids).order_by("pk").only("pk"))
    given = Appointment.objects.filter(doctor__in=doctor_ids, token_on__in=days, token__isnull=False)
    found = given.order_by().values_list("doctor_id", "token_on").annotate(Max("token"))
    return defaultdict(int, {(doctor, day): last for doctor, day, last in found})


def _next_token(doctor_id: int, day: date) -> int:
    return last_tokens({doctor_id}, {day})[doctor_id, day] + 1


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
