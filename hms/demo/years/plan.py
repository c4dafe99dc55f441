"""What happens on each day of the older years, by chance that depends on the seed and the day alone.

So a day can be planned again after an interruption and comes out the same.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import accumulate

from django.conf import settings
from django.utils import timezone

from hms.core.days import local_day
from hms.core.references import ALPHABET
from hms.demo.bills import (
    AT_DESK,
    CANCELLED,
    LONG_WAIT,
    ONLINE,
    SHARE_DECLINED,
    SHARE_PAID_AT_DESK,
    SHARE_PARTLY_BACK,
)
from hms.demo.chance import Chance
from hms.demo.data.cases import CASES, Case
from hms.demo.data.specialities import BY_SLUG
from hms.demo.diary import BUSY_HOURS
from hms.demo.lives import (
    ARRIVALS,
    CANCELS,
    GIVES_UP,
    MEAN_LEAD_DAYS,
    REASONS,
    SHARE_SILENT,
    STAYS_AWAY,
    USUAL,
)
from hms.demo.quotas import SLOWEST, by_day
from hms.demo.years.crowd import Crowd
from hms.demo.years.moments import day_of, midnight
from hms.demo.years.visit import Money, Visit
from scheduling.availability import BookingTerms, Slot, offered_slots
from scheduling.models import Doctor, ScheduleException
from scheduling.statuses import AppointmentStatus as Status
from scheduling.statuses import BookingSource

LONGEST_LEAD_DAYS = settings.BOOKING["horizon_days"] - 1
HOLD_S = settings.BOOKING["hold_minutes"] * 60
CANCEL_NOTICE_S = settings.BOOKING["cancel_notice_minutes"] * 60
DAY_S, LEAST_NOTICE_S, LATE_S = 86_400, 45 * 60, 3_600
FIRST_HOUR, LAST_HOUR = 7, 22
SHARE_PHONE, SHARE_BY_LINK = 0.55, 0.4  # booked by telephone; of these, paid at once by a link
SHARE_RECORDED, SHARE_TESTED = 0.5, 0.12  # of the completed visits
TRIES = 6  # seats looked at for each visit, where patients or doctors are few
TRIPLES = [a + b + c for a in ALPHABET for b in ALPHABET for c in ALPHABET]


class Planner:
    """Plans the visits of one day."""

    def __init__(
        self,
        *,
        name: str,
        doctors: Iterable[Doctor],
        crowd: Crowd,
        busy: set[tuple[int, date]],
    ):
        self.name, self.crowd, self.busy = name, crowd, busy
        self.doctors = {doctor.pk: doctor for doctor in doctors}
        self.fame = {doctor: 1 / (1 + position % 7) for position, doctor in enumerate(self.doctors)}
        self.usual: dict[int, list[tuple[Doctor, Slot, int]]] = {}
        self.weights: dict[int, list[float]] = {}
        self.quotas: dict[date, int] = {}
        self.different = set(_days_with_exceptions())

    def spread(self, visits: int, days: Iterable[date]) -> None:
        """Give each day with open doctors its number of visits; the later ones get more."""
        open_ = [day for day in days if self._seats(day)[0]]
        trend = [SLOWEST + (1 - SLOWEST) * n / len(open_) for n in range(len(open_))]
        self.quotas = by_day(visits, open_, trend)

    def day(self, day: date) -> list[Visit]:
        """The visits of the day, in the order of their times."""
        how_many, chance = self.quotas.get(day, 0), Chance(f"{self.name}/{day}")
        if not how_many:
            return []
        seats, weights = self._seats(day)
        taken, busy, visits = set(), set(), []
        begins = midnight(day)
        picked = (
            chance.choices(range(len(seats)), cum_weights=weights, k=TRIES * (how_many + TRIES))
            if seats
            else ()
        )
        for place in picked:
            if len(visits) == how_many:
                break
            doctor, slot, seat = seats[place]
            if place not in taken and (doctor.pk, day) not in self.busy:
                taken.add(place)
                visits += self._visit(chance, doctor, _moved(slot, begins), seat, day, busy)
        visits.sort(key=lambda visit: (visit.slot.start, visit.doctor.pk, visit.seat))
        self._see(chance, visits, begins)
        for visit in visits:
            self._finish(chance, visit)
        return visits

    def _seats(self, day: date) -> tuple[list[tuple[Doctor, Slot, int]], list[float]]:
        """The seats that are offered, counted from midnight, and how well they are liked, added up."""
        if day in self.different or local_day(day)[1] - local_day(day)[0] != timedelta(days=1):
            return self._offered(day)
        weekday = day.weekday()
        if weekday not in self.usual:
            self.usual[weekday], self.weights[weekday] = self._offered(day)
        return self.usual[weekday], self.weights[weekday]

    def _offered(self, day: date) -> tuple[list[tuple[Doctor, Slot, int]], list[float]]:
        begins = local_day(day)[0]
        found = offered_slots(self.doctors.values(), day, day, now=begins, terms=BookingTerms.for_staff())
        slots = [(doctor, slot) for pk, doctor in self.doctors.items() for slot in found[pk]]
        weights = [
            self.fame[doctor.pk] * BUSY_HOURS.get(slot.starts_at.hour, 1)
            for doctor, slot in slots
            for _seat in range(slot.capacity)
        ]
        start = int(begins.timestamp())
        seats = [
            (doctor, _moved(slot, -start), seat) for doctor, slot in slots for seat in range(slot.capacity)
        ]
        return seats, list(accumulate(weights))

    def _visit(
        self, chance: Chance, doctor: Doctor, slot: Slot, seat: int, day: date, busy: set[int]
    ) -> list[Visit]:
        """The visit, booked some days before; none where nobody is found who suits."""
        at = _booked_at(chance, slot.start)
        slug, ordinal = doctor.department.slug, day.toordinal()
        patient = self.crowd.somebody(chance, BY_SLUG[slug].audience, at=at, day=ordinal, busy=busy)
        case = None if patient is None else self._case(chance, slug, patient, ordinal)
        if case is None:
            return []
        source = BookingSource.PHONE if chance.random() < SHARE_PHONE else BookingSource.DESK
        outcome = chance.pick(USUAL)
        visit = Visit(
            reference(chance), doctor, patient, slot, seat, source.value, Status.BOOKED.value, at, at
        )
        visit.case = case
        visit.symptoms = "" if chance.random() < SHARE_SILENT else case.said
        if outcome == GIVES_UP:
            visit.status, visit.booked, visit.ended = Status.EXPIRED.value, None, at + HOLD_S
        elif outcome == STAYS_AWAY:
            visit.status = Status.NO_SHOW.value
            visit.ended = slot.end + int(chance.uniform(5, 40) * 60)
        elif outcome == CANCELS and slot.start - CANCEL_NOTICE_S - 60 > at + HOLD_S:
            latest = slot.start - CANCEL_NOTICE_S - 60
            visit.status, visit.note = Status.CANCELLED.value, chance.choice(REASONS)
            visit.ended = chance.randint(at + HOLD_S, latest)
        return [visit]

    def _case(self, chance: Chance, slug: str, patient: int, day: int) -> Case | None:
        age, gender, cases = self.crowd.age(patient, day), self.crowd.genders[patient], CASES[slug]
        for _attempt in range(8):
            case = cases[int(len(cases) * chance.random())]
            if case.suits(age, gender):
                return case
        return next((case for case in cases if case.suits(age, gender)), None)

    def _see(self, chance: Chance, visits: list[Visit], begins: int) -> None:
        """Who comes arrives, waits for the room, is seen; tokens in the order of arrival."""
        here: dict[int, list[Visit]] = defaultdict(list)
        for visit in visits:
            if visit.status == Status.BOOKED.value:
                early, late = chance.choice(ARRIVALS)
                arrived = visit.slot.start + int(chance.uniform(early, late) * 60)
                visit.arrived = max(arrived, visit.booked + 180, begins)
                visit.status = Status.COMPLETED.value
                here[visit.doctor.pk].append(visit)
        for of_doctor in here.values():
            free = 0
            for visit in of_doctor:
                length = (visit.slot.end - visit.slot.start) / visit.slot.capacity
                visit.started = max(visit.slot.start, visit.arrived, free) + int(chance.uniform(30, 240))
                visit.ended = free = visit.started + int(chance.uniform(0.5, 0.95) * length)
            for token, visit in enumerate(sorted(of_doctor, key=lambda one: one.arrived), 1):
                visit.token = token

    def _finish(self, chance: Chance, visit: Visit) -> None:
        """Who pays when, and what is written down."""
        if visit.booked is None:
            return
        visit.bill = reference(chance)
        if visit.source == BookingSource.PHONE.value and chance.random() < SHARE_BY_LINK:
            visit.money = tuple(_by_link(chance, visit))
        elif visit.arrived and chance.random() < SHARE_PAID_AT_DESK:
            at = visit.arrived + int(chance.uniform(30, 240))
            method = chance.pick(AT_DESK)
            visit.money = (Money(reference(chance), at, method.value, by_link=False),)
        if visit.arrived and chance.random() < SHARE_RECORDED:
            visit.papers = tuple(reference(chance) for _paper in range(6))
            if chance.random() < SHARE_TESTED / SHARE_RECORDED:
                visit.tested = chance.random()


def _by_link(chance: Chance, visit: Visit) -> Iterable[Money]:
    method = chance.pick(ONLINE).value
    if chance.random() < SHARE_DECLINED:
        yield Money(reference(chance), visit.booked + 5, method, by_link=True, came=False)
    refund = None
    if visit.status == Status.CANCELLED.value:
        refund = (reference(chance), visit.ended, CANCELLED)
    elif visit.arrived and chance.random() < SHARE_PARTLY_BACK:
        refund = (reference(chance), visit.ended + LATE_S, LONG_WAIT)
    yield Money(reference(chance), visit.booked + 35, method, by_link=True, refund=refund)


def _booked_at(chance: Chance, start: int) -> int:
    """Some days before, in waking hours, within the horizon."""
    latest = start - LEAST_NOTICE_S
    at = latest - int(chance.expovariate(1 / MEAN_LEAD_DAYS) * DAY_S)
    begins = midnight(day_of(at))
    if not FIRST_HOUR <= (at - begins) // 3_600 < LAST_HOUR:
        at = begins + int(chance.uniform(FIRST_HOUR, LAST_HOUR) * 3_600)
    return min(max(at, start - LONGEST_LEAD_DAYS * DAY_S), latest)


def _moved(slot: Slot, seconds: int) -> Slot:
    return slot._replace(start=slot.start + seconds, end=slot.end + seconds)


def reference(chance: Chance) -> str:
    bits = chance.getrandbits(60)
    first, bits = bits % 27_000, bits // 27_000
    second, bits = bits % 27_000, bits // 27_000
    return TRIPLES[first] + TRIPLES[second] + TRIPLES[bits % 27_000] + ALPHABET[bits // 27_000 % 30]


def _days_with_exceptions() -> Iterable[date]:
    for begins, ends in ScheduleException.objects.values_list("starts_at", "ends_at"):
        day, last = timezone.localdate(begins), timezone.localdate(ends)
        while day <= last:
            yield day
            day += timedelta(days=1)
