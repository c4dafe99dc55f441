"""Many appointments at once, each with its past: what an import writes, and the demo.

The steps of all of them are replayed in the order of time, through the same functions that the services
use: which times are offered and to whom, which seat is the lowest, what a step needs and writes, which token
is next. Four things differ:

- no signals are sent: nobody is written to about the past, and bills have a batch of their own;
- one right is asked for, not the right to each step;
- the limits of one patient or login do not count;
- what an earlier batch wrote counts as it is now, not as it was at each moment.

Every appointment that holds its time gets claims, those of the past too, so that the unique indexes check a
history like a booking. After that `purge_claims` may delete them, and a purged past is not compared with.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Patient, User
from hms.core.days import local_day
from hms.core.inserts import insert_rows
from hms.core.references import new_reference
from hms.core.rights import SYSTEM, System, person, require
from hms.core.states import apply_step
from hms.core.transactions import retried_atomic
from scheduling.availability import BookingTerms, Slot, find_slot, offered_slots
from scheduling.exceptions import PastOutOfOrder, PatientBusy, SlotTaken
from scheduling.models import Appointment, Doctor
from scheduling.services.booking import hold_is_over
from scheduling.services.changes import require_time_to_cancel
from scheduling.services.claims import patient_claims, slot_claims
from scheduling.services.permissions import terms_for
from scheduling.services.slots import OCCUPIED, kind_at, put_in_slot, require_offered
from scheduling.services.steps import begin, columns_of_step
from scheduling.services.visits import last_tokens
from scheduling.statuses import HOLDING, AppointmentStatus

ROWS_PER_INSERT = 500
FIRST_STEPS = (AppointmentStatus.HELD, AppointmentStatus.BOOKED)
SEATED = HOLDING | {AppointmentStatus.NO_SHOW}  # a no-show had a seat until then
# What is checked column by column is what the record brings along; all else comes from our own rows.
GIVEN = {"reference", "source", "status", "symptoms", "cancellation_reason"}
NOT_GIVEN = {field.name for field in Appointment._meta.fields} - GIVEN


@dataclass(frozen=True, slots=True)
class Happening:
    """One step in the life of an appointment."""

    status: AppointmentStatus
    at: datetime
    by: User | System = SYSTEM
    note: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An appointment as it is to be written; its status is that of the last step of its past."""

    patient: Patient
    doctor: Doctor
    starts_at: datetime
    past: tuple[Happening, ...]
    source: str
    symptoms: str = ""
    reference: str = ""

    @property
    def status(self) -> AppointmentStatus:
        return self.past[-1].status

    def moment_of(self, status: str) -> datetime | None:
        """When the appointment last became this; None if it never was."""
        return next((step.at for step in reversed(self.past) if step.status == status), None)


@retried_atomic
def record_appointments(*, records: Iterable[Record], by) -> list[Appointment]:
    """Write all the appointments or none; best called with the records of some days.

    Refuses like booking and the steps themselves, and with `PastOutOfOrder` a past that cannot have been.
    """
    require(by, "scheduling.book_for_others")
    records = list(records)
    if not records:
        return []
    for record in records:
        _check_order(record)
    appointments = _Replay(records).run()
    for appointment in appointments:
        appointment.clean_fields(exclude=NOT_GIVEN)
    Appointment.objects.bulk_create(appointments, batch_size=ROWS_PER_INSERT)
    _claim([appointment for appointment in appointments if appointment.status in HOLDING])
    return appointments


def _check_order(record: Record) -> None:
    moments = [step.at for step in record.past]
    if record.past[0].status not in FIRST_STEPS or moments != sorted(moments):
        raise PastOutOfOrder
    if moments[-1] > timezone.now():
        raise PastOutOfOrder


@dataclass(slots=True)
class _Life:
    """A record, and its appointment as it is after the steps so far."""

    record: Record
    slot: Slot
    appointment: Appointment
    has_seat: bool = False


class _Replay:
    """Takes the steps of all records in the order of time, in memory."""

    def __init__(self, records: list[Record]):
        doctors = {record.doctor.pk for record in records}
        # Tokens are counted under the doctors' locks, which come before everything else is read.
        self.tokens = last_tokens(doctors, {timezone.localdate(record.starts_at) for record in records})
        self.offers = _Offers(records, doctors)
        self.taken: dict[tuple[int, int], int] = defaultdict(int)  # seats by doctor and cell
        self.lives = [_Life(record, self.offers.slot(record), _unsaved(record)) for record in records]

    def run(self) -> list[Appointment]:
        steps = [(step, life) for life in self.lives for step in life.record.past]
        for step, life in sorted(steps, key=lambda pair: pair[0].at):
            if step is life.record.past[0]:
                begin(life.appointment, at=step.at)
                self._book(life, step)
            else:
                self._take(step, life)
        return [life.appointment for life in self.lives]

    def _take(self, step: Happening, life: _Life) -> None:
        appointment = life.appointment
        if step.status == AppointmentStatus.CANCELLED:
            require_time_to_cancel(appointment, step.by, at=step.at)
        if hold_is_over(appointment, at=step.at):
            self._release(life)
        columns = columns_of_step(appointment, step.status, at=step.at, reason=step.note)
        apply_step(appointment, step.status, **columns)
        if step.status == AppointmentStatus.ARRIVED:
            self._give_token(appointment)
        if step.status not in HOLDING:
            self._release(life)
        elif not life.has_seat and step.status == AppointmentStatus.ARRIVED:
            self._seat(life, self._as_taken(life).lowest_seat())  # late after all, and squeezed in
        elif not life.has_seat:
            self._book(life, step)

    def _book(self, life: _Life, step: Happening) -> None:
        terms = terms_for(step.by, life.record.doctor.pk, life.record.starts_at)
        terms = terms.counted_from(life.appointment.created_at, step.at)
        slot = self._as_taken(life).asked_at(step.at, terms)
        put_in_slot(life.appointment, require_offered(slot))
        self._seat(life, life.appointment.seat)

    def _as_taken(self, life: _Life) -> Slot:
        seats = 0
        for cell in life.slot.cells:
            seats |= self.taken[life.record.doctor.pk, cell]
        return life.slot.with_taken(seats)

    def _seat(self, life: _Life, seat: int) -> None:
        life.appointment.seat, life.has_seat = seat, True
        for cell in life.slot.cells:
            self.taken[life.record.doctor.pk, cell] |= 1 << seat

    def _release(self, life: _Life) -> None:
        if life.has_seat:
            life.has_seat = False
            for cell in life.slot.cells:
                self.taken[life.record.doctor.pk, cell] &= ~(1 << life.appointment.seat)

    def _give_token(self, appointment: Appointment) -> None:
        if appointment.token is None:
            day = (appointment.doctor_id, appointment.token_on)
            self.tokens[day] += 1
            appointment.token = self.tokens[day]


class _Offers:
    """The slots of the records as the database has them, read with a constant number of queries."""

    def __init__(self, records: list[Record], doctor_ids: set[int]):
        days = [timezone.localdate(record.starts_at) for record in records]
        self.terms = BookingTerms.for_staff()
        self.asked_at = min(local_day(min(days))[0], timezone.now())
        doctors = Doctor.objects.filter(pk__in=doctor_ids).select_related("department")
        offered = offered_slots(doctors, min(days), max(days), now=self.asked_at, terms=self.terms)
        self.offered = {(pk, slot.start): slot for pk, slots in offered.items() for slot in slots}
        self.doctors = {doctor.pk: doctor for doctor in doctors}

    def slot(self, record: Record) -> Slot:
        """The slot of the record, or the refusal.

        One that is taken is refused to what keeps its time; else it may have been taken afterwards.
        """
        doctor = record.doctor.pk
        slot = self.offered.get((doctor, int(record.starts_at.timestamp())))
        if slot is not None:
            return slot
        slot = find_slot(self.doctors[doctor], record.starts_at, now=self.asked_at, terms=self.terms)
        if slot and slot.reason in OCCUPIED and record.status not in SEATED:
            return slot._replace(occupied=0, free=slot.capacity, reason=None)
        return require_offered(slot)


def _unsaved(record: Record) -> Appointment:
    return Appointment(
        reference=record.reference or new_reference(),
        patient=record.patient,
        doctor=record.doctor,
        visit_kind=kind_at(record.doctor, ""),
        status=record.past[0].status,
        symptoms=record.symptoms,
        source=record.source,
        booked_by=person(record.past[0].by),
    )


def _claim(holding: list[Appointment]) -> None:
    """Both indexes have the last word; nothing is written where one of them refuses."""
    for claims, refusal in ((slot_claims, SlotTaken), (patient_claims, PatientBusy)):
        try:
            with transaction.atomic():
                insert_rows([claim for appointment in holding for claim in claims(appointment)])
        except IntegrityError as error:
            raise refusal from error
