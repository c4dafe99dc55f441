"""Who comes when: visitors are put at times that the doctors' schedules offer, one day after the other."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import Gender, Patient
from accounts.models.patient import ADULT_AT
from hms.core.days import local_day
from hms.demo.chance import Chance
from hms.demo.data.specialities import BY_SLUG
from hms.demo.data.speciality import ADULTS, CHILDREN, EVERYONE, WOMEN
from hms.demo.lives import CANCELS, COMES, USUAL, Plan
from hms.demo.patients import Visitor
from scheduling.availability import BookingTerms, Slot, offered_slots
from scheduling.models import Doctor, PatientClaim
from scheduling.statuses import VisitMode

GROWN_UP = 16
# Whether a department of each kind is for a patient of so many years.
SUITS: dict[str, Callable[[Patient, int], bool]] = {
    EVERYONE: lambda _patient, _age: True,
    ADULTS: lambda _patient, age: age >= GROWN_UP,
    CHILDREN: lambda _patient, age: age < ADULT_AT,
    WOMEN: lambda patient, age: age >= GROWN_UP and patient.gender == Gender.FEMALE,
}
TRIES = 12
MOST_COMING = 4  # appointments of one patient; the rules allow a few more
COMING = {COMES: 0.95, CANCELS: 0.05}
# How many come at each hour of the day, against the quietest.
BUSY_HOURS = {9: 2.0, 10: 3.0, 11: 3.0, 12: 2.0, 16: 1.6, 17: 2.4, 18: 2.6, 19: 1.5}
KNOWN_FOR = timedelta(hours=3)


@dataclass(frozen=True)
class BookingRequest:
    """A visit that has to be: of this visitor, from this day on, with this doctor or in this department."""

    visitor: Visitor
    day: date
    slug: str
    outcome: str = COMES
    said: str = ""
    doctor: Doctor | None = None


class Diary:
    """Chooses times and visitors; nobody is in two places, nor twice on a day if it can be helped."""

    def __init__(
        self,
        *,
        doctors: list[Doctor],
        visitors: list[Visitor],
        requests: list[BookingRequest],
        chance: Chance,
        now: datetime,
    ):
        self.chance, self.now = chance, now
        self.fame = {doctor.pk: 1 / (1 + position % 7) for position, doctor in enumerate(doctors)}
        self.departments = {doctor.department.slug for doctor in doctors}
        self.pools = {audience: list(_pool(visitors, audience, now)) for audience in SUITS}
        self.requests = sorted(requests, key=lambda booking_request: booking_request.day)
        self.coming: Counter[int] = Counter()
        self.held = list(PatientClaim.objects.values_list("patient_id", "cell"))  # by somebody just booking
        self.cells: dict[int, set[int]] = defaultdict(set)  # of each patient on the day

    def open(self, day: date) -> None:
        """Turn to another day, of which nothing is planned yet."""
        self.day = day
        self.cells.clear()
        for patient_id, cell in self.held:
            self.cells[patient_id].add(cell)

    def plan(self, how_many: int, doctors: Iterable[Doctor]) -> list[Plan]:
        """So many visits of the day, or as many as it has room for, in order of time."""
        slots = self._slots(doctors)
        plans = self._granted(slots)
        for doctor, slot in self._shuffled(slots):
            if len(plans) >= how_many:
                break
            if visitor := self.somebody_for(doctor, slot):
                usual = COMING if slot.starts_at > self.now else USUAL
                plans.append(Plan(visitor, doctor, slot, self.chance.pick(usual)))
        return sorted(plans, key=lambda plan: (plan.slot.start, plan.doctor.pk))

    def first_free(self, visitors: Iterable[Visitor], slot: Slot) -> Visitor | None:
        """The first of these visitors who has time and no other visit on the day."""
        visitor = next((one for one in visitors if self._has_time(one, slot)), None)
        if visitor:
            self._note(visitor, slot)
        return visitor

    def has_due(self, day: date) -> bool:
        return any(booking_request.day <= day for booking_request in self.requests)

    def somebody_for(self, doctor: Doctor, slot: Slot) -> Visitor | None:
        """A visitor whom the department is for and who has time; None if nobody is found."""
        audience = BY_SLUG[doctor.department.slug].audience
        pool = self.pools[audience]
        for attempt in range(TRIES if pool else 0):
            visitor = self.chance.early(pool)
            is_for = SUITS[audience](visitor.patient, visitor.patient.age_on(self.day))
            if is_for and self._has_time(visitor, slot, twice_a_day=attempt > TRIES / 2):
                self._note(visitor, slot)
                return visitor
        return None

    def _slots(self, doctors: Iterable[Doctor]) -> list[tuple[Doctor, Slot]]:
        """Every seat that is offered on the day, also what is over."""
        terms, asked_at = BookingTerms.for_staff(), min(local_day(self.day)[0], self.now)
        found = offered_slots(doctors, self.day, self.day, now=asked_at, terms=terms)
        return [
            (doctor, slot) for doctor in doctors for slot in found[doctor.pk] for _seat in range(slot.free)
        ]

    def _granted(self, slots: list[tuple[Doctor, Slot]]) -> list[Plan]:
        """Fulfil the requests that are due; what finds no time today is tried again on the next day."""
        due = [booking_request for booking_request in self.requests if booking_request.day <= self.day]
        granted = [
            (booking_request, plan)
            for booking_request in due
            if (plan := self._grant(booking_request, slots))
        ]
        self.requests = [
            booking_request
            for booking_request in self.requests
            if booking_request not in [done for done, _plan in granted]
        ]
        return [plan for _booking_request, plan in granted]

    def _shuffled(self, slots: list[tuple[Doctor, Slot]]) -> list[tuple[Doctor, Slot]]:
        """In a random order in which good hours and well-known doctors tend to come first."""

        def luck(seat: tuple[Doctor, Slot]) -> float:
            doctor, slot = seat
            weight = self.fame[doctor.pk] * BUSY_HOURS.get(slot.starts_at.hour, 1)
            return self.chance.random() ** (1 / weight)

        return sorted(slots, key=luck, reverse=True)

    def _grant(self, booking_request: BookingRequest, slots: list[tuple[Doctor, Slot]]) -> Plan | None:
        """Fulfil a booking request at the first suitable time."""
        for seat in self.chance.sample(slots, len(slots)):
            doctor, slot = seat
            if (
                self._is_wanted(doctor, booking_request)
                and slot.starts_at.hour > 8
                and slot.mode == VisitMode.IN_PERSON
                and self._has_time(booking_request.visitor, slot)
            ):
                slots.remove(seat)
                self._note(booking_request.visitor, slot)
                return Plan(
                    booking_request.visitor,
                    doctor,
                    slot,
                    booking_request.outcome,
                    is_request=True,
                    said=booking_request.said,
                )
        return None

    def _is_wanted(self, doctor: Doctor, booking_request: BookingRequest) -> bool:
        """Where the hospital does not have the department, in one that is for all."""
        if booking_request.doctor:
            return doctor == booking_request.doctor
        if booking_request.slug in self.departments:
            return doctor.department.slug == booking_request.slug
        return BY_SLUG[doctor.department.slug].audience in (EVERYONE, ADULTS)

    def _has_time(self, visitor: Visitor, slot: Slot, *, twice_a_day: bool = False) -> bool:
        taken = self.cells[visitor.patient.pk]
        is_known = visitor.patient.registered_at + KNOWN_FOR < min(slot.starts_at, self.now)
        is_free = taken.isdisjoint(slot.cells) if twice_a_day else not taken
        has_few = slot.starts_at <= self.now or self.coming[visitor.patient.pk] < MOST_COMING
        return is_known and is_free and has_few

    def _note(self, visitor: Visitor, slot: Slot) -> None:
        self.cells[visitor.patient.pk].update(slot.cells)
        self.coming[visitor.patient.pk] += slot.starts_at > self.now


def _pool(visitors: list[Visitor], audience: str, now: datetime) -> Iterator[Visitor]:
    """Whom a department of this kind is for; who was younger at a visit is asked for there again."""
    today = timezone.localdate(now)
    return (one for one in visitors if SUITS[audience](one.patient, one.patient.age_on(today)))
