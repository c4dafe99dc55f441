"""Joining, changing and leaving the waiting list."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from hms.core.locks import lock_row
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM, person
from hms.core.states import StepRefused, move
from hms.core.transactions import retried_atomic
from scheduling.availability.terms import STAFF_HORIZON_DAYS
from scheduling.models import Appointment, Doctor, WaitingListEntry
from scheduling.services.permissions import is_desk, lock_patient_to_book, require_right_to_book
from scheduling.statuses import HOLDING, AppointmentStatus, WaitingStatus, WaitingUrgency
from scheduling.waiting_exceptions import AlreadyWaiting, TooManyWaiting, WaitsInThePast, WaitsTooLong
from scheduling.waiting_order import place_of

FIXED = ("patient_id", "doctor_id", "department_id")


@retried_atomic
def join_waiting_list(*, entry: WaitingListEntry, by) -> WaitingListEntry:
    """Put a patient on the list; refuses a second entry for the same doctor or department.

    Carers with the right to book and the front desk do it; only the desk sets an urgency, and only it has no
    limit of entries per patient. Refuses `TooManyWaiting`, `AlreadyWaiting` and days that cannot be booked.
    """
    lock_patient_to_book(by, entry.patient_id)
    _require_desk_for_urgency(entry, WaitingUrgency.ROUTINE, by)
    entry.added_by, entry.waiting_key, entry.joined_at = person(by), entry.key(), timezone.now()
    entry.full_clean(exclude=["waiting_key"])
    _require_days_to_come(entry)
    waiting = WaitingListEntry.objects.waiting().filter(patient=entry.patient_id)
    if waiting.filter(waiting_key=entry.waiting_key).exists():
        raise AlreadyWaiting
    limit = settings.WAITING["entries_per_patient"]
    if not is_desk(by) and waiting.count() >= limit:
        raise TooManyWaiting(limit=limit)
    try:
        entry.save(force_insert=True)
    except IntegrityError as error:  # the desk and a carer at the same moment
        raise AlreadyWaiting from error
    return entry


@retried_atomic
def change_entry(*, entry: WaitingListEntry, by) -> WaitingListEntry:
    """Change the days, hours, place or urgency of somebody who waits; the place in the order stays."""
    stored = _lock(entry)
    require_right_to_book(by, stored.patient_id)
    if stored.status != WaitingStatus.WAITING:
        raise StepRefused(WaitingStatus(stored.status), WaitingStatus.WAITING)
    if any(getattr(entry, name) != getattr(stored, name) for name in FIXED):
        raise NotAllowed
    _require_desk_for_urgency(entry, stored.urgency, by)
    entry.full_clean()
    _require_days_to_come(entry)
    entry.save()
    return entry


def end_entry(entry: WaitingListEntry, status: WaitingStatus) -> bool:
    """End somebody's waiting within the caller's transaction; False if it has ended already."""
    entry = _lock(entry)
    if entry.status != WaitingStatus.WAITING:
        return False
    move(entry, status, waiting_key=None, ended_at=timezone.now())
    return True


def end_overtaken_entries() -> int:
    """End the entries whose days are over, and those of patients booked meanwhile; returns how many."""
    waiting = WaitingListEntry.objects.waiting().without_open_offer().order_by("pk")
    over = waiting.filter(last_day__lt=timezone.localdate())
    ended = sum(_end(entry=entry, status=WaitingStatus.LAPSED, by=SYSTEM) for entry in over)
    booked = waiting.filter(_booked_since())
    return ended + sum(_end(entry=entry, status=WaitingStatus.BOOKED, by=SYSTEM) for entry in booked)


@retried_atomic
def _end(*, entry: WaitingListEntry, status: WaitingStatus, by) -> bool:  # noqa: ARG001 - for the log
    return end_entry(entry, status)


def _booked_since() -> Q:
    """The patient has booked the same doctor or department since joining."""
    booked = Appointment.objects.order_by().filter(
        patient=OuterRef("patient"), booked_at__gt=OuterRef("joined_at"),
        status__in=HOLDING - {AppointmentStatus.HELD},
    )  # fmt: skip
    with_doctor = Exists(booked.filter(doctor=OuterRef("doctor")))
    return Q(with_doctor) | Q(Exists(booked.filter(doctor__department=OuterRef("department"))))


def places_of(entries: list[WaitingListEntry]) -> dict[int, int]:
    """The place of each entry that waits: how many times must open until it is surely offered one."""
    everybody = list(WaitingListEntry.objects.waiting())
    department_of = dict(Doctor.objects.values_list("pk", "department_id")) if everybody else {}
    return {
        entry.pk: place_of(entry, everybody, department_of)
        for entry in entries
        if entry.status == WaitingStatus.WAITING
    }


def _lock(entry: WaitingListEntry) -> WaitingListEntry:
    return lock_row(WaitingListEntry.objects.all(), pk=entry.pk)


def _require_desk_for_urgency(entry: WaitingListEntry, before: int, by) -> None:
    if entry.urgency != before and not is_desk(by):
        raise NotAllowed


def _require_days_to_come(entry: WaitingListEntry) -> None:
    today = timezone.localdate()
    if entry.last_day < today:
        raise WaitsInThePast
    if entry.last_day > last_day_to_wait_for(timezone.now()):
        raise WaitsTooLong(days=STAFF_HORIZON_DAYS)


def last_day_to_wait_for(now: datetime):
    return timezone.localdate(now) + timedelta(days=STAFF_HORIZON_DAYS)
