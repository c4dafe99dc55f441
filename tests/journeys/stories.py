"""Visits of a few days, made up from a seed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from accounts.models import Patient, User
from billing.services.bulk import PastPayment, PastRefund
from scheduling.models import Appointment, Doctor
from scheduling.services.bulk import Happening, Record
from scheduling.statuses import AppointmentStatus as Status
from tests.billing.rows import D, cashier
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours, staff

MINUTE = timedelta(minutes=1)
CANCELLED = "The appointment was cancelled."
WAITED = "The wait was too long."
DECLINED = "The bank declined the payment."


@dataclass(frozen=True)
class Cast:
    doctors: list[Doctor]
    desk: User
    clerk: User


@dataclass
class Story:
    """One visit; `attempts` are those to pay, of which only `bill_id` is not known beforehand."""

    record: Record
    attempts: list[PastPayment] = field(default_factory=list)
    refused: str = ""

    @property
    def visit(self) -> Appointment:
        return Appointment.objects.get(patient=self.record.patient)


def new_cast() -> Cast:
    """A desk, a cashier, and two doctors, of whom one sees two patients at a time."""
    doctors = [doctor_with_hours(capacity=capacity) for capacity in (1, 2)]
    for doctor in doctors:
        doctor.user = staff("doctor")
        doctor.save()
    return Cast(doctors, staff("receptionist"), cashier())


def tell(random: Random, cast: Cast, count: int) -> list[Story]:
    return [_Teller(random, cast, number).story() for number in range(count)]


class _Teller:
    """Makes up one story; no two have a moment in common."""

    def __init__(self, random: Random, cast: Cast, number: int):
        self.random, self.cast = random, cast
        self.apart = timedelta(seconds=number)
        self.patient: Patient = PatientFactory()
        self.carer = carer_of(self.patient)
        self.doctor = random.choice(cast.doctors)
        self.starts_at = at(9 + random.randrange(2), 30 * random.randrange(2))

    def story(self) -> Story:
        is_web = self.random.random() < 0.6
        past = self._on_the_web() if is_web else self._at_the_desk()
        if past[-1].status == Status.BOOKED:
            past += self._rest(past[-1])
        record = Record(
            self.patient, self.doctor, self.starts_at, tuple(past), "web" if is_web else "desk", "Cough"
        )
        return Story(record, list(self._attempts(record)))

    def _on_the_web(self) -> list[Happening]:
        held_at = self.starts_at - self.random.randrange(180, 3000) * MINUTE + self.apart
        held = Happening(Status.HELD, held_at, self.carer)
        if self.random.random() < 0.15:
            return [held, Happening(Status.EXPIRED, held_at + 10 * MINUTE)]
        return [held, Happening(Status.BOOKED, held_at + 3 * MINUTE, self.carer)]

    def _at_the_desk(self) -> list[Happening]:
        before = self.random.choice((-25, -5, 100, 1000, 2500))
        return [Happening(Status.BOOKED, self.starts_at - before * MINUTE + self.apart, self.cast.desk)]

    def _rest(self, booked: Happening) -> list[Happening]:
        desk, doctor = self.cast.desk, self.doctor.user
        first = max(self.starts_at - 10 * MINUTE + self.apart, booked.at + MINUTE)
        late = max(self.starts_at + 20 * MINUTE + self.apart, booked.at + MINUTE)
        arrived = Happening(Status.ARRIVED, first, desk)
        missed = Happening(Status.NO_SHOW, late, desk)
        seen = [
            Happening(Status.IN_CONSULTATION, late + 20 * MINUTE, doctor),
            Happening(Status.COMPLETED, late + 30 * MINUTE, doctor),
        ]
        by = booked.by if booked.at < self.starts_at - 150 * MINUTE else desk
        called_off = Happening(Status.CANCELLED, booked.at + 5 * MINUTE, by, "Has to travel.")
        return self.random.choice(
            [
                [],
                [arrived],
                [arrived, *seen],
                [arrived, *seen],
                [missed],
                [arrived, missed],
                [missed, Happening(Status.ARRIVED, late + 8 * MINUTE, desk), *seen],
                [called_off],
                [called_off],
                [arrived, Happening(Status.CANCELLED, late, desk, "The doctor fell ill.")],
            ]
        )

    def _attempts(self, record: Record) -> Iterator[PastPayment]:
        booked_at, arrived_at = (record.moment_of(status) for status in (Status.BOOKED, Status.ARRIVED))
        if booked_at and record.source == "web" and self.random.random() < 0.7:
            if self.random.random() < 0.3:
                declined_at = booked_at - MINUTE
                yield PastPayment(0, declined_at, "card", "simulated", self.carer, failure_reason=DECLINED)
            refund = self._refund(record)
            yield PastPayment(0, booked_at, "upi", "simulated", self.carer, refund=refund)
        elif arrived_at and self.random.random() < 0.8:
            refund = self._refund(record)
            yield PastPayment(0, arrived_at + MINUTE, "cash", "desk", self.cast.clerk, refund=refund)

    def _refund(self, record: Record) -> PastRefund | None:
        last = record.past[-1]
        if last.status == Status.CANCELLED:
            return PastRefund(last.at, CANCELLED, last.by)
        if last.status == Status.COMPLETED and self.random.random() < 0.5:
            return PastRefund(last.at + 20 * MINUTE, WAITED, self.cast.clerk, D("59.00"))
        return None


def after(stories: list[Story]) -> datetime:
    """A moment when all is over."""
    return max(timezone.now(), *(story.record.past[-1].at for story in stories)) + timedelta(hours=2)
