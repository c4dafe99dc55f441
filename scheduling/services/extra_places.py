"""Extra places in full sessions, where enough of the booked patients are expected not to come.

A session is a row of times without a break, as far as it has not begun. Its places are the seats of these
times; a visit that takes several times takes as many places. At most one time of a session is offered.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Patient
from hms.core.locks import lock_first
from hms.core.rights import acting, require
from hms.core.transactions import retried_atomic
from scheduling.availability import BookingTerms, Slot, slots_of_day
from scheduling.exceptions import NoExtraPlace
from scheduling.models import Appointment, Doctor, OverbookingRule
from scheduling.no_show.expected import Expected, chance_of_more_than, expected_places, fits
from scheduling.services.booking import ENDED_UNUSED, book_appointment
from scheduling.services.no_show import Estimator
from scheduling.services.slots import OCCUPIED
from scheduling.statuses import BookingSource, VisitKind

MAY = "scheduling.overbook"


@dataclass(frozen=True)
class ExtraPlace:
    """A time at which one more patient can be booked, and what is expected of the session then."""

    slot: Slot
    places: int
    expected: float  # places that will be needed
    risk: float  # that more are needed than there are


def extra_places(
    *, doctor: Doctor, day: date, patient: Patient, visit_kind: str = "", terms: BookingTerms, by
) -> list[ExtraPlace]:
    """The extra places of the day for this patient; none without the right or a rule for the doctor."""
    rule = OverbookingRule.objects.filter(doctor=doctor).first() if acting(by).has_perm(MAY) else None
    if rule is None:
        return []
    now = timezone.now()
    single = slots_of_day(doctor, day, now=now, terms=terms.of_kind(VisitKind.FOLLOW_UP))
    wanted = slots_of_day(doctor, day, now=now, terms=terms.of_kind(visit_kind)) if single else []
    sessions = [_Session(slots, wanted) for slots in _sessions(single, now)]
    full = [session for session in sessions if session.is_full]
    if not full:
        return []
    start, end = full[0].slots[0].starts_at, full[-1].slots[-1].ends_at
    booked = list(_booked(doctor, start, end, now))
    estimator = Estimator.of([patient.pk, *(row.patient_id for row in booked)])
    if estimator is None:
        return []
    found = (session.extra_place(booked, patient, rule, estimator, now) for session in full)
    return [place for place in found if place]


@retried_atomic
def book_extra_place(
    *,
    patient: Patient,
    doctor: Doctor,
    starts_at: datetime,
    symptoms: str = "",
    visit_kind: str = "",
    source: str = BookingSource.DESK,
    idempotency_key: str | None = None,
    by,
) -> Appointment:
    """Book an extra place that is offered now; refuses others with `NoExtraPlace`.

    The bookings of one doctor's extra places wait for each other, so that each counts those before it.
    """
    require(by, MAY)
    lock_first(OverbookingRule.objects.filter(doctor=doctor))
    if not _is_repeated(idempotency_key):
        _require_extra_place(doctor, starts_at, patient, visit_kind, by)
    return book_appointment(
        patient=patient,
        doctor=doctor,
        starts_at=starts_at,
        symptoms=symptoms,
        visit_kind=visit_kind,
        source=source,
        overbooking_reason=_("Extra place: not all patients are expected to come"),
        idempotency_key=idempotency_key,
        by=by,
    )


def _require_extra_place(doctor: Doctor, starts_at: datetime, patient: Patient, visit_kind: str, by) -> None:
    day, terms = timezone.localdate(starts_at), BookingTerms.for_staff()
    offered = extra_places(doctor=doctor, day=day, patient=patient, visit_kind=visit_kind, terms=terms, by=by)
    if starts_at not in {place.slot.starts_at for place in offered}:
        raise NoExtraPlace


@dataclass(frozen=True)
class _Session:
    slots: list[Slot]  # for visits of one slot
    wanted: list[Slot]  # of the day, for a visit of the kind that is asked for

    @property
    def times(self) -> list[Slot]:
        begins, ends = self.slots[0].start, self.slots[-1].end
        return [slot for slot in self.wanted if begins <= slot.start and slot.end <= ends]

    @property
    def is_full(self) -> bool:
        return all(slot.reason is not None for slot in self.times)

    def extra_place(
        self,
        booked: Collection[Appointment],
        patient: Patient,
        rule: OverbookingRule,
        estimator: Estimator,
        now: datetime,
    ) -> ExtraPlace | None:
        """The time with the fewest patients expected, if one more fits into the session."""
        coming = [(row, self._expected(row, estimator)) for row in booked if _overlaps(row, self.slots)]
        offered = [slot for slot in self.times if slot.reason in OCCUPIED]
        if not offered:
            return None
        slot = min(offered, key=lambda slot: (round(_load(slot, coming), 9), slot.start))
        comes = 1 - estimator.risk_at(patient, booked_at=now, starts_at=slot.starts_at)
        visits = [visit for _row, visit in coming] + [Expected(comes, self._size(slot.minutes))]
        places = sum(one.capacity for one in self.slots)
        is_capped = sum(visit.places for visit in visits) > places + rule.extra_places
        if is_capped or not fits(visits, places=places, most_risk=rule.most_risk_percent / 100):
            return None
        return ExtraPlace(slot, places, expected_places(visits), chance_of_more_than(places, visits))

    def _expected(self, row: Appointment, estimator: Estimator) -> Expected:
        return Expected(1 - estimator.risk(row), self._size(row.minutes))

    def _size(self, minutes: int) -> int:
        return -(-minutes // self.slots[0].minutes)


def _sessions(slots: Iterable[Slot], now: datetime) -> Iterator[list[Slot]]:
    """Times that follow one another at one place, without those that have begun or are closed."""
    session: list[Slot] = []
    for slot in slots:
        if slot.starts_at <= now or slot.reason not in (None, *OCCUPIED):
            continue
        if session and not _follows(slot, session[-1]):
            yield session
            session = []
        session.append(slot)
    if session:
        yield session


def _follows(slot: Slot, before: Slot) -> bool:
    same = ("branch_id", "mode", "minutes")
    return slot.start == before.end and all(getattr(slot, name) == getattr(before, name) for name in same)


def _booked(doctor: Doctor, start: datetime, end: datetime, now: datetime) -> Iterable[Appointment]:
    there = Appointment.objects.holding().filter(doctor=doctor).overlapping(start, end)
    return there.exclude(held_until__lte=now).select_related("patient")


def _overlaps(row: Appointment, slots: list[Slot]) -> bool:
    return row.starts_at < slots[-1].ends_at and row.ends_at > slots[0].starts_at


def _load(slot: Slot, coming: Iterable[tuple[Appointment, Expected]]) -> float:
    return sum(visit.comes for row, visit in coming if _overlaps(row, [slot])) / slot.capacity


def _is_repeated(key: str | None) -> bool:
    made = Appointment.objects.filter(idempotency_key=key) if key else Appointment.objects.none()
    return made.exclude(status__in=ENDED_UNUSED).exists()
