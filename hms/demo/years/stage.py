"""Older years of visits, added to the demo hospital one day of bookings and money after the other.

A transaction writes whole days, so whatever ends the program, the hospital is whole, and the next run goes
on: how far the last one got is read from the keys of its appointments and the last of its receipts.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import cached_property
from itertools import islice

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from audit.capture.prototypes import Prototype
from audit.capture.rows import parts
from billing.models import Invoice, Receipt
from hms.core.transactions import retried_atomic
from hms.demo.chance import Chance
from hms.demo.directory import add_languages
from hms.demo.logins import Team, email_of
from hms.demo.patients import Admissions
from hms.demo.quotas import LONGEST_PAST_DAYS
from hms.demo.schedules import write_holidays
from hms.demo.years.bills import SERIES, Ledger
from hms.demo.years.crowd import Crowd, Registration, crowd
from hms.demo.years.moments import day_of
from hms.demo.years.plan import LONGEST_LEAD_DAYS, Planner
from hms.demo.years.records import Records
from hms.demo.years.rows import Portion
from hms.demo.years.visit import Money, Visit
from scheduling.models import Appointment, Branch, Doctor
from scheduling.services.slots import kind_at

KEY = "demo-years/"
VISITS_PER_PATIENT, FEWEST_PATIENTS, PORTION = 10, 100, 2_000
Bar = Callable[[str, int], AbstractContextManager[Callable[[int], object]]]
APPOINTMENT = (
    *("id", "reference", "patient_id", "branch_id", "starts_at", "ends_at", "seat", "mode", "status"),
    *("symptoms", "source", "cancellation_reason", "token_on", "token", "sequence", "idempotency_key"),
    *("created_at", "booked_at", "arrived_at", "started_at", "ended_at"),
)


class OtherYears(ValidationError):
    """The hospital is being filled with another number of visits, or from another seed."""


@dataclass
class Day:
    """What is booked and paid on one day."""

    day: date
    booked: list[Visit] = field(default_factory=list)
    taken: list[tuple[Visit, Money]] = field(default_factory=list)


def patients_for(visits: int) -> int:
    return max(FEWEST_PATIENTS, visits // VISITS_PER_PATIENT)


def years() -> QuerySet[Appointment]:
    return Appointment.objects.filter(idempotency_key__gte=f"{KEY}0", idempotency_key__lt=f"{KEY}a")


class Years:
    """Fills the hospital up to a number of patients and of past visits."""

    def __init__(self, *, seed: int, visits: int):
        self.visits, self.patients = visits, patients_for(visits)
        self.name = f"{KEY}{seed}/{visits}/"
        self.team = Team(**{name: User.objects.get(email=email_of(name)) for name in vars_of(Team)})
        self.until = timezone.localdate(self.team.admin.joined_at)  # all is planned from the day of the demo
        self.first = self.until - timedelta(days=LONGEST_PAST_DAYS)
        self.days = [self.first + timedelta(days=n) for n in range(LONGEST_PAST_DAYS)]
        self.chance = Chance(f"years {seed}")

    @staticmethod
    def missing(visits: int) -> tuple[int, int]:
        """How many patients and visits would be added to come to so many visits."""
        return max(0, patients_for(visits) - crowd().count()), max(0, visits - years().count())

    def run(self, bar: Bar) -> None:
        """Add what is missing; refuses `OtherYears`."""
        self._refuse_others()
        write_holidays(self.first, self.until, by=self.team.admin)
        patients, visits = self.missing(self.visits)
        with bar("Patients", patients) as step:
            self._registration().go_on(self.patients, step)
        with bar("Visits", visits) as step:
            for portion in self._portions():
                self._write(portion)
                step(sum(len(day.booked) for day in portion))

    def _refuse_others(self) -> None:
        other = (
            years().exclude(idempotency_key__startswith=self.name).values_list("idempotency_key", flat=True)
        )
        if key := other.first():
            _demo, seed, visits, *_rest = key.split("/")
            raise OtherYears(f"This hospital is being filled with --seed {seed} --visits {visits}.")

    def _registration(self) -> Registration:
        now = self.team.admin.joined_at
        admissions = Admissions(
            desk=self.team.reception, languages=add_languages(), chance=self.chance, now=now
        )
        return Registration(admissions, self.chance.part("patients"), LONGEST_PAST_DAYS)

    def _last_day(self) -> date | None:
        """The day of bookings and money up to which all is written."""
        key = years().order_by("-idempotency_key").values_list("idempotency_key", flat=True).first()
        receipts = Receipt.objects.filter(series=SERIES).order_by("-financial_year", "-serial")
        issued = receipts.values_list("issued_at", flat=True).first()
        days = [date.fromisoformat(key.split("/")[3])] if key else []
        return max([*days, *([timezone.localdate(issued)] if issued else [])], default=None)

    def _portions(self) -> Iterator[list[Day]]:
        """The days that are still to be written, a few thousand visits at a time."""
        portion: list[Day] = []
        for day in self._days():
            portion.append(day)
            if sum(len(one.booked) for one in portion) >= PORTION:
                yield portion
                portion = []
        if portion:
            yield portion

    def _days(self) -> Iterator[Day]:
        """Each day that is still to be written, once all is planned to which its bookings lead."""
        planner = self.planner()
        self.ledger = Ledger(team=self.team, crowd=self.crowd, branches=Branch.objects.in_bulk())
        self.records = Records(team=self.team, crowd=self.crowd, until=self.until)
        last = self._last_day()
        first = last + timedelta(days=1) if last else self.first - timedelta(days=LONGEST_LEAD_DAYS)
        waiting = {
            first + timedelta(days=n): Day(first + timedelta(days=n))
            for n in range((self.until - first).days)
        }
        to_plan = iter(list(waiting))
        for visit_day in islice(to_plan, LONGEST_LEAD_DAYS):
            _share_out(planner.day(visit_day), waiting)
        self._look_up_bills(first, waiting)
        for day in list(waiting):
            if visit_day := next(to_plan, None):
                _share_out(planner.day(visit_day), waiting)
            yield waiting.pop(day)

    def planner(self) -> Planner:
        """What plans each of `days`; all days together may come to a few visits less than wanted."""
        doctors = Doctor.objects.select_related("department", "specialization", "user").order_by("pk")
        others = Appointment.objects.filter(idempotency_key=None).values_list("doctor", "starts_at")
        self.crowd = Crowd()
        planner = Planner(
            name=f"{self.chance.name}/visits/{self.visits}",
            doctors=list(doctors),
            crowd=self.crowd,
            busy={(doctor, timezone.localdate(at)) for doctor, at in others},
        )
        planner.spread(self.visits, self.days)
        return planner

    def _look_up_bills(self, first: date, waiting: dict[date, Day]) -> None:
        """The bills that an earlier run opened for visits that are still to be paid."""
        taken = [visit for day in waiting.values() for visit, _money in day.taken]
        due = {visit.bill: visit for visit in taken if day_of(visit.created) < first}
        for bills in parts(due):
            for reference, pk in Invoice.objects.filter(reference__in=bills).values_list("reference", "pk"):
                due[reference].bill_pk = pk

    @retried_atomic
    def _write(self, days: list[Day]) -> None:
        """All that is booked and paid on the days."""
        portion = Portion()
        for day in days:
            self.records.label_samples(day.day, sum(visit.tested is not None for visit in day.booked))
            for number, visit in enumerate(sorted(day.booked, key=lambda visit: visit.created)):
                self._write_visit(portion, visit, f"{self.name}{day.day}/{number:05}")
            in_order = sorted(day.taken, key=lambda pair: (pair[1].at, pair[1].reference))
            self.ledger.take_money(portion, in_order)
        portion.inserts.insert()

    def _write_visit(self, portion: Portion, visit: Visit, key: str) -> None:
        slot, patient_id = visit.slot, self.crowd.pks[visit.patient]
        is_cancelled, has_come = visit.status == "cancelled", visit.arrived is not None
        pk = portion.add(
            self._prototype(visit.doctor),
            *(
                patient_id,
                visit.reference,
                patient_id,
                slot.branch_id,
                slot.start,
                slot.end,
                visit.seat,
                slot.mode,
            ),
            *(visit.status, visit.symptoms, visit.source, visit.note),
            *(str(day_of(slot.start)) if has_come else None, visit.token, int(is_cancelled), key),
            *(visit.created, visit.booked, visit.arrived, visit.started, visit.ended),
        )
        if visit.bill:
            self.ledger.open_bill(portion, visit, pk)
        if visit.papers:
            self.records.write(portion, visit, pk)

    @cached_property
    def _prototypes(self) -> dict[int, Prototype]:
        return {}

    def _prototype(self, doctor: Doctor) -> Prototype:
        if doctor.pk not in self._prototypes:
            row = Appointment(doctor=doctor, visit_kind=kind_at(doctor, ""), booked_by=self.team.reception)
            self._prototypes[doctor.pk] = Prototype(row, *APPOINTMENT)
        return self._prototypes[doctor.pk]


def _share_out(planned: list[Visit], waiting: dict[date, Day]) -> None:
    """Give each visit to the day of its booking, and its money to the day on which it came."""
    for visit in planned:
        if day := waiting.get(day_of(visit.created)):
            day.booked.append(visit)
        for money in visit.money:
            if day := waiting.get(day_of(money.at)):
                day.taken.append((visit, money))


def vars_of(kind: type) -> list[str]:
    return [field.name for field in fields(kind)]
