"""The day of the doctor with a login: at whatever hour one looks, somebody is just being seen.

The last patients before now and the next ones after are put where the day board shows each of its
columns: completed, in consultation, late, waiting with a token, still to come.
"""

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from hms.core.days import local_day
from hms.demo.lives import CANCELS, COMES, MINUTE, STAYS_AWAY, Plan, Storyteller, visit
from hms.demo.schedules import add_session, at
from scheduling.availability import BookingTerms, Slot, offered_slots
from scheduling.models import Branch, Doctor
from scheduling.services.bulk import Happening, Record
from scheduling.statuses import AppointmentStatus as Status

BEFORE, AFTER = 7, 6  # so many patients before now and after
AT_MOST = BEFORE + AFTER
EARLIER, LATER = timedelta(hours=2), timedelta(hours=1)
STEP = 15 * MINUTE
LAST_END = time(23, 45)
FEWEST_FOR_NO_SHOW, FEWEST_FOR_CANCELLED = 5, 6


def keep_clinic_open(doctor: Doctor, branch: Branch, *, by: User, now: datetime) -> None:
    """Give the doctor extra sessions for those parts of the hours around now that the week leaves free."""
    taken = slots_of(doctor, now)
    first = _step_at_or_after(max(now - EARLIER, local_day(timezone.localdate(now))[0]))
    last = min(now + LATER, at(timezone.localdate(now), LAST_END))
    run_from = None
    while True:
        is_free = first + STEP <= last and not any(
            slot.starts_at < first + STEP and slot.ends_at > first for slot in taken
        )
        if is_free and run_from is None:
            run_from = first
        if not is_free and run_from is not None:
            add_session(doctor, branch, run_from, first, "Additional clinic", minutes=15, by=by)
            run_from = None
        if first + STEP > last:
            return
        first += STEP


def slots_of(doctor: Doctor, now: datetime) -> list[Slot]:
    """All that the doctor offers today, also what is over."""
    today = timezone.localdate(now)
    terms = BookingTerms.for_staff()
    return offered_slots([doctor], today, today, now=local_day(today)[0], terms=terms)[doctor.pk]


def around(slots: list[Slot], now: datetime, how_many: int) -> list[Slot]:
    """The last slots that began before now and the next ones; the nearest, if not all are wanted."""
    begun = [slot for slot in slots if slot.starts_at <= now]
    coming = [slot for slot in slots if slot.starts_at > now]
    near = sorted(begun[-BEFORE:] + coming[:AFTER], key=lambda slot: abs(slot.start - now.timestamp()))
    return sorted(near[:how_many], key=lambda slot: slot.start)


def outcomes(how_many_begun: int, how_many: int) -> list[str]:
    """What becomes of them: all come, but one who stayed away and one who cancelled."""
    ends = [COMES] * how_many
    if how_many_begun >= FEWEST_FOR_NO_SHOW:
        ends[0] = STAYS_AWAY
    if how_many_begun >= FEWEST_FOR_CANCELLED:
        ends[1] = CANCELS
    return ends


def tell(plans: list[Plan], teller: Storyteller) -> list[Record]:
    """The records of the doctor's day, in order of time."""
    now = teller.now
    begun = [plan for plan in plans if plan.starts_at <= now]
    coming = plans[len(begun) :]
    waiting = coming[:2] if coming else begun[-3:-2]
    return [teller.record(plan, _rest(plan, begun, waiting, teller)) for plan in plans]


def _rest(plan: Plan, begun: list[Plan], waiting: list[Plan], teller: Storyteller) -> list[Happening] | None:
    """What followed the booking; None: what usually follows."""
    now, midnight = teller.now, plan.midnight
    if plan in waiting:
        early = max(midnight, now - (14 if plan is waiting[0] else 5) * MINUTE)
        return [Happening(Status.ARRIVED, early, teller.team.nurse)]
    if plan in begun[-1:]:
        arrived = max(midnight, now - 25 * MINUTE)
        return visit(teller.team, plan, arrived, max(arrived, now - 7 * MINUTE), now + STEP)
    if plan in begun[-2:-1]:
        return []  # late
    if plan.outcome == CANCELS:
        called_at = plan.starts_at - 40 * MINUTE
        return [
            Happening(Status.CANCELLED, called_at, teller.team.reception, "Rang up: fever, cannot travel.")
        ]
    if plan in begun and plan.outcome == COMES:
        started = plan.starts_at + MINUTE
        length = timedelta(minutes=plan.slot.minutes) * 0.8
        return visit(teller.team, plan, max(midnight, started - 11 * MINUTE), started, started + length)
    return None


def _step_at_or_after(moment: datetime) -> datetime:
    seconds = int(STEP.total_seconds())
    return datetime.fromtimestamp(-(-moment.timestamp() // seconds) * seconds, UTC)
