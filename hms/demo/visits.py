"""Months of visits, today's and those to come, written in portions through the batch services."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from billing.querysets import NOT_YET_BOOKED
from billing.services.bulk import PastBill, PastPayment, record_bills, record_payments
from hms.core.days import local_day
from hms.core.rights import SYSTEM
from hms.demo import today as todays
from hms.demo.bills import Cashier
from hms.demo.chance import Chance
from hms.demo.complaints import Complaints
from hms.demo.diary import Diary
from hms.demo.lives import COMES, Plan, Storyteller
from hms.demo.logins import Team
from hms.demo.patients import Visitor
from hms.demo.quotas import LONGEST_PAST_DAYS, Quotas
from scheduling.models import Appointment, Doctor
from scheduling.services.bulk import Record, record_appointments

PORTION = 400
FEW_DAYS = timedelta(days=10)


class Visits:
    """Plans day after day, and writes what has come together."""

    def __init__(
        self,
        *,
        doctors: list[Doctor],
        diary: Diary,
        regulars: list[Visitor],
        complaints: Complaints,
        team: Team,
        chance: Chance,
        now: datetime,
    ):
        self.doctors, self.diary, self.regulars, self.now = doctors, diary, regulars, now
        self.teller = Storyteller(team=team, complaints=complaints, chance=chance.part("lives"), now=now)
        self.cashier = Cashier(team=team, chance=chance.part("bills"), now=now)
        self.waiting: list[tuple[Plan, Record]] = []
        self.payments: list[PastPayment] = []

    def write(self, quotas: Quotas, step: Callable[[int], object]) -> None:
        """Write all the visits; what one day has no room for is moved to the next ones."""
        self.step, self.owed = step, 0
        self._write_requests_before(min(quotas.past))
        for day, how_many in quotas.past.items():
            self._write_day(day, how_many)
        self._write_today(quotas.today)
        for day, how_many in quotas.coming.items():
            self._write_day(day, how_many)
        self._go_further_back(min(quotas.past))
        self._flush()

    def write_payments(self, step: Callable[[int], object]) -> None:
        """Write the payments in the order in which the money came, because receipts are numbered."""
        self.payments.sort(key=lambda payment: payment.at)
        for first in range(0, len(self.payments), PORTION):
            written = record_payments(payments=self.payments[first : first + PORTION], by=SYSTEM)
            step(len(written))

    def _write_requests_before(self, first: date) -> None:
        """The oldest visits, which are few: only of those with a long history."""
        days = [booking_request.day for booking_request in self.diary.requests]
        day = min(days, default=first)
        while day < first:
            if self.diary.has_due(day):
                self._write_day(day, 0)
            elif self.waiting and self.waiting[-1][0].starts_at < local_day(day - FEW_DAYS)[0]:
                self._flush()  # schedules are read from the first day of a portion to its last one
            day += timedelta(days=1)
        self._flush()

    def _write_day(self, day: date, how_many: int) -> None:
        self.diary.open(day)
        wanted = self.owed + how_many
        plans = self.diary.plan(wanted, self.doctors)
        self._take([(plan, self.teller.record(plan)) for plan in plans])
        self.owed = wanted - len(plans)

    def _write_today(self, how_many: int) -> None:
        """The doctor with a login has patients around this hour, the others over the day."""
        doctor, *others = self.doctors
        self.diary.open(timezone.localdate(self.now))
        plans = list(self._plans_around_now(doctor, how_many))
        self._take(list(zip(plans, todays.tell(plans, self.teller), strict=True)))
        rest = self.diary.plan(how_many - len(plans), others)
        self._take([(plan, self.teller.record(plan)) for plan in rest])
        self.owed += how_many - len(plans) - len(rest)

    def _plans_around_now(self, doctor: Doctor, how_many: int) -> Iterator[Plan]:
        slots = todays.around(todays.slots_of(doctor, self.now), self.now, how_many)
        begun = sum(slot.starts_at <= self.now for slot in slots)
        for slot, outcome in zip(slots, todays.outcomes(begun, len(slots)), strict=True):
            known = self.diary.first_free(self.regulars, slot) if outcome == COMES else None
            if visitor := known or self.diary.somebody_for(doctor, slot):
                yield Plan(visitor, doctor, slot, outcome)

    def _go_further_back(self, first) -> None:
        """What found no room anywhere becomes an older past."""
        for back in range(1, LONGEST_PAST_DAYS):
            if self.owed <= 0:
                return
            self._write_day(first - timedelta(days=back), 0)

    def _take(self, told: Iterable[tuple[Plan, Record]]) -> None:
        self.waiting += told
        if len(self.waiting) >= PORTION:
            self._flush()

    def _flush(self) -> None:
        if not self.waiting:
            return
        records = [record for _plan, record in self.waiting]
        visits = record_appointments(records=records, by=SYSTEM)
        billed = [
            (plan, record, visit)
            for (plan, record), visit in zip(self.waiting, visits, strict=True)
            if visit.status not in NOT_YET_BOOKED
        ]
        self._open_bills(billed)
        self.step(len(visits))
        self.waiting = []

    def _open_bills(self, billed: list[tuple[Plan, Record, Appointment]]) -> None:
        chance = self.cashier.chance
        bills = [
            PastBill(visit, chance.reference(), opened_at=visit.created_at)
            for _plan, _record, visit in billed
        ]
        for told, bill in zip(billed, record_bills(bills=bills, by=SYSTEM), strict=True):
            self.payments += self.cashier.payments(*told, bill)
