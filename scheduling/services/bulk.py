"""Many appointments at once, each with its past: what an import writes, and the demo.

The rules are those of one at a time. A time must be one that the doctor's schedule offered; the steps
must be listed in STEPS, in the order of time, and may not lie in the future; tokens are given in the
order of arrival; and the two unique indexes of the claims refuse what is taken. Every appointment that
holds its time gets claims, those of the past too, so that a history is checked like a booking; after
that `purge_claims` may take them away, and a past that was purged is not compared with.

No signals are sent: nobody is written to about the past, and bills are recorded by the bills' own batch.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Patient, User
from hms.core.days import local_day
from hms.core.inserts import insert_rows
from hms.core.references import new_reference
from hms.core.rights import SYSTEM, System, person, require
from hms.core.states import require_step
from hms.core.transactions import retried_atomic
from scheduling.availability import BookingTerms, Reason, Slot, find_slot, offered_slots
from scheduling.exceptions import NotToday, NotYet, PastOutOfOrder, PatientBusy, SlotNotOffered, SlotTaken
from scheduling.models import Appointment, AppointmentStep, Doctor
from scheduling.services.claims import patient_claims, slot_claims
from scheduling.statuses import HOLDING, STEPS, AppointmentStatus

ROWS_PER_INSERT = 500
FIRST_STEPS = (AppointmentStatus.HELD, AppointmentStatus.BOOKED)
OCCUPIED = (Reason.TAKEN, Reason.HELD)
SEATED = HOLDING | {AppointmentStatus.NO_SHOW}  # whoever does not come had a seat until then
# What is checked column by column is what the record brings along; all else comes from our own rows.
GIVEN = {"reference", "source", "status", "symptoms", "cancellation_reason", "held_until"}
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
    held_until: datetime | None = None
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
    _lock_doctors(records)
    times = _Times(records)
    appointments = [_appointment(record, times) for record in records]
    _give_tokens(appointments)
    Appointment.objects.bulk_create(appointments, batch_size=ROWS_PER_INSERT)
    insert_rows(list(_steps(zip(appointments, records, strict=True))))
    _claim([appointment for appointment in appointments if appointment.status in HOLDING])
    return appointments


class _Times:
    """The times that the doctors of the records offer, and the seats that the records take of them."""

    def __init__(self, records: list[Record]):
        days = [timezone.localdate(record.starts_at) for record in records]
        self.terms = BookingTerms.for_staff()
        self.asked_at = min(local_day(min(days))[0], timezone.now())
        pks = {record.doctor.pk for record in records}
        doctors = Doctor.objects.filter(pk__in=pks).select_related("department")
        offered = offered_slots(doctors, min(days), max(days), now=self.asked_at, terms=self.terms)
        self.offered = {(pk, slot.start): slot for pk, slots in offered.items() for slot in slots}
        self.doctors = {doctor.pk: doctor for doctor in doctors}
        self.taken: dict[tuple[int, int], int] = defaultdict(int)  # seats by doctor and cell

    def slot(self, record: Record) -> Slot:
        """The slot of the record, or the refusal; one that is taken will do for what holds no time."""
        doctor = record.doctor.pk
        slot = self.offered.get((doctor, int(record.starts_at.timestamp())))
        if slot is not None:
            return slot
        slot = find_slot(self.doctors[doctor], record.starts_at, now=self.asked_at, terms=self.terms)
        if slot is None:
            raise SlotNotOffered(Reason.NOT_A_SLOT)
        if slot.reason not in OCCUPIED:
            raise SlotNotOffered(slot.reason)
        if record.status in SEATED:
            raise SlotTaken
        return slot

    def seat(self, record: Record, slot: Slot) -> int:
        """Take the lowest seat that is still free in the whole slot."""
        occupied = slot.occupied
        for cell in slot.cells:
            occupied |= self.taken[record.doctor.pk, cell]
        seat = next((seat for seat in range(slot.capacity) if not occupied >> seat & 1), None)
        if seat is None:
            raise SlotTaken
        for cell in slot.cells:
            self.taken[record.doctor.pk, cell] |= 1 << seat
        return seat


def _lock_doctors(records: list[Record]) -> None:
    """Tokens are counted per doctor, here as at the check-in."""
    pks = {record.doctor.pk for record in records}
    list(Doctor.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))


def _appointment(record: Record, times: _Times) -> Appointment:
    _check_past(record)
    slot = times.slot(record)
    is_cancelled = record.status == AppointmentStatus.CANCELLED
    appointment = Appointment(
        reference=record.reference or new_reference(),
        patient=record.patient,
        doctor=record.doctor,
        branch_id=slot.branch_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        seat=times.seat(record, slot) if record.status in SEATED else 0,
        mode=slot.mode,
        status=record.status,
        held_until=record.held_until,
        symptoms=record.symptoms,
        source=record.source,
        booked_by=person(record.past[0].by),
        cancellation_reason=record.past[-1].note if is_cancelled else "",
        sequence=int(is_cancelled),
        created_at=record.past[0].at,
        arrived_at=record.moment_of(AppointmentStatus.ARRIVED),
        started_at=record.moment_of(AppointmentStatus.IN_CONSULTATION),
        ended_at=record.moment_of(AppointmentStatus.COMPLETED),
    )
    appointment.clean_fields(exclude=NOT_GIVEN)
    return appointment


def _check_past(record: Record) -> None:
    first, *later = record.past
    if first.status not in FIRST_STEPS:
        raise PastOutOfOrder
    before = first
    for step in later:
        require_step(STEPS, before.status, step.status)
        if step.at < before.at:
            raise PastOutOfOrder
        _check_day(record, step)
        before = step
    if before.at > timezone.now():
        raise PastOutOfOrder


def _check_day(record: Record, step: Happening) -> None:
    if step.status == AppointmentStatus.ARRIVED and (
        timezone.localdate(step.at) != timezone.localdate(record.starts_at)
    ):
        raise NotToday
    if step.status == AppointmentStatus.NO_SHOW and step.at < record.starts_at:
        raise NotYet


def _give_tokens(appointments: list[Appointment]) -> None:
    """Number those who came, per doctor and day, in the order in which they came."""
    came = sorted((row for row in appointments if row.arrived_at), key=lambda row: row.arrived_at)
    for row in came:
        row.token_on = timezone.localdate(row.arrived_at)
    last = _last_tokens(came)
    for row in came:
        last[row.doctor_id, row.token_on] += 1
        row.token = last[row.doctor_id, row.token_on]


def _last_tokens(came: list[Appointment]) -> dict[tuple, int]:
    given = Appointment.objects.filter(
        doctor__in={row.doctor_id for row in came}, token_on__in={row.token_on for row in came}
    )
    found = given.order_by().values_list("doctor_id", "token_on").annotate(Max("token"))
    return defaultdict(int, {(doctor, day): last or 0 for doctor, day, last in found})


def _steps(pairs: Iterable[tuple[Appointment, Record]]) -> Iterator[AppointmentStep]:
    for appointment, record in pairs:
        before = ""
        for step in record.past:
            yield AppointmentStep(
                appointment=appointment,
                at=step.at,
                by=person(step.by),
                from_status=before,
                to_status=step.status,
                starts_at=appointment.starts_at,
                note=step.note,
            )
            before = step.status


def _claim(holding: list[Appointment]) -> None:
    """Both indexes have the last word; nothing is written where one of them refuses."""
    for claims, refusal in ((slot_claims, SlotTaken), (patient_claims, PatientBusy)):
        try:
            with transaction.atomic():
                insert_rows([claim for appointment in holding for claim in claims(appointment)])
        except IntegrityError as error:
            raise refusal from error
