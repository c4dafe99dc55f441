"""What happens to an appointment from the booking to the end, told as steps with times.

The same story serves every day: steps that lie in the future have simply not happened yet, so a visit
of yesterday is completed, one of this hour waits or is late, and one of tomorrow is booked.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from hms.core.days import local_day
from hms.core.rights import SYSTEM
from hms.demo.chance import Chance
from hms.demo.complaints import Complaints, Reason, saying
from hms.demo.logins import Team
from hms.demo.patients import Visitor
from scheduling.availability import Slot
from scheduling.models import Doctor
from scheduling.services.bulk import Happening, Record
from scheduling.statuses import AppointmentStatus as Status
from scheduling.statuses import BookingSource

COMES, STAYS_AWAY, CANCELS, GIVES_UP = "comes", "stays away", "cancels", "gives up"
USUAL = {COMES: 0.785, STAYS_AWAY: 0.12, CANCELS: 0.08, GIVES_UP: 0.015}
REASONS = (
    *("Feeling better.", "Has to travel.", "Will come another day.", "No leave from work."),
    *("Exams at school.", "Went to a doctor nearby.", ""),
)
ARRIVALS = ((-35, -15), (-20, -5), (-15, 0), (-10, 8), (0, 14))  # minutes from the time booked
ON_SITE = (BookingSource.DESK, BookingSource.PHONE)
MINUTE = timedelta(minutes=1)
LEAST_NOTICE = 45 * MINUTE
HOLD = settings.BOOKING["hold_minutes"] * MINUTE
CANCEL_NOTICE = settings.BOOKING["cancel_notice_minutes"] * MINUTE
MEAN_LEAD_DAYS, LEAD_OF_REQUEST = 4, 2
FIRST_HOUR, LAST_HOUR = 7, 22  # in which people book
SHARE_WEB, SHARE_SILENT = 0.78, 0.12


@dataclass(frozen=True)
class Plan:
    """A visitor at a time of a doctor, and what is to become of it."""

    visitor: Visitor
    doctor: Doctor
    slot: Slot
    outcome: str = COMES
    is_request: bool = False  # booked in good time and paid on the web, whatever chance says
    said: str = ""  # a complaint of the list; without it one is chosen

    @property
    def starts_at(self) -> datetime:
        """In UTC, where adding minutes is never led astray by a change of clocks."""
        return self.slot.starts_at.astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        return self.slot.ends_at.astimezone(UTC)

    @property
    def midnight(self) -> datetime:
        """When the day of the visit begins."""
        return local_day(timezone.localdate(self.starts_at))[0].astimezone(UTC)


class Storyteller:
    """Tells the lives of the visits; remembers when each doctor's room is free again."""

    def __init__(self, *, team: Team, complaints: Complaints, chance: Chance, now: datetime):
        self.team, self.complaints, self.chance, self.now = team, complaints, chance, now
        self.room_is_free: dict[int, datetime] = {}
        self.reasons: dict[str, Reason] = {}  # by the reference of the visit

    def record(self, plan: Plan, rest: list[Happening] | None = None) -> Record:
        """The appointment as it is to be written, up to now; `rest` tells what followed the booking."""
        is_web = plan.visitor.login is not None and (self.chance.happens(SHARE_WEB) or plan.is_request)
        source = BookingSource.WEB if is_web else self.chance.choice(ON_SITE)
        by = plan.visitor.login if is_web else self.team.reception
        booked = Happening(Status.BOOKED, self._booked_at(plan), by)
        held = Happening(Status.HELD, booked.at - self.chance.minutes(1, 6), by)
        if plan.outcome == GIVES_UP:
            return self._record(plan, [held, Happening(Status.EXPIRED, held.at + HOLD)], source)
        past = [held, booked] if is_web else [booked]
        return self._record(plan, past + (self._rest(plan, booked) if rest is None else rest), source)

    def _record(self, plan: Plan, past: list[Happening], source: str) -> Record:
        reason, reference = self._reason(plan), self.chance.reference()
        self.reasons[reference] = reason
        is_silent = not plan.is_request and self.chance.happens(SHARE_SILENT)
        return Record(
            patient=plan.visitor.patient,
            doctor=plan.doctor,
            starts_at=plan.starts_at,
            past=tuple(step for step in past if step.at <= self.now),
            source=source,
            symptoms="" if is_silent else reason.said,
            reference=reference,
        )

    def _reason(self, plan: Plan) -> Reason:
        department, day = plan.doctor.department.slug, timezone.localdate(plan.starts_at)
        if plan.said:
            return saying(plan.said)
        return self.complaints.of(plan.visitor.patient, department, day, is_follow_up=plan.is_request)

    def _booked_at(self, plan: Plan) -> datetime:
        """Some days before the visit, within the horizon, and not before the patient was known."""
        chance, starts_at = self.chance, plan.starts_at
        latest = min(self.now - HOLD * 2, starts_at - LEAST_NOTICE)
        at = latest - timedelta(
            days=chance.expovariate(1 / MEAN_LEAD_DAYS) + LEAD_OF_REQUEST * plan.is_request
        )
        earliest = max(
            starts_at - timedelta(days=settings.BOOKING["horizon_days"] - 1),
            plan.visitor.patient.registered_at + chance.minutes(12, 45),
        )
        local = timezone.localtime(at)
        if not FIRST_HOUR <= local.hour < LAST_HOUR:
            at = local.replace(hour=chance.randrange(FIRST_HOUR, LAST_HOUR), minute=chance.randrange(60))
        return min(max(at, earliest), latest).replace(microsecond=0)

    def _rest(self, plan: Plan, booked: Happening) -> list[Happening]:
        if plan.outcome == CANCELS:
            return self._cancels(plan, booked)
        if plan.outcome == STAYS_AWAY:
            seen_at = plan.ends_at + self.chance.minutes(5, 40)
            return [Happening(Status.NO_SHOW, seen_at, self.team.reception)]
        return self._comes(plan, booked)

    def _cancels(self, plan: Plan, booked: Happening) -> list[Happening]:
        """By whoever booked, within the notice; who booked too late for that comes after all."""
        first, last = booked.at + HOLD, plan.starts_at - CANCEL_NOTICE - MINUTE
        if last <= first:
            return self._comes(plan, booked)
        at = first + (min(last, max(first, self.now)) - first) * self.chance.random()
        reason = self.chance.choice(REASONS)
        return [Happening(Status.CANCELLED, at.replace(microsecond=0), booked.by, reason)]

    def _comes(self, plan: Plan, booked: Happening) -> list[Happening]:
        """Arrives early or a little late, waits for the room, is seen."""
        chance, slot = self.chance, plan.slot
        arrived = plan.starts_at + chance.minutes(*chance.choice(ARRIVALS))
        arrived = max(arrived, booked.at + 3 * MINUTE, plan.midnight)
        free = self.room_is_free.get(plan.doctor.pk, arrived)
        started = max(plan.starts_at, arrived, free) + chance.minutes(0.5, 4)
        ended = started + chance.minutes(0.5, 0.95) * (slot.minutes / slot.capacity)
        self.room_is_free[plan.doctor.pk] = ended
        return visit(self.team, plan, arrived, started, ended)


def visit(team: Team, plan: Plan, arrived: datetime, started: datetime, ended: datetime) -> list[Happening]:
    """The three steps of a visit, with those who say so."""
    has_nurse = plan.doctor.user_id == team.doctor.pk
    return [
        Happening(Status.ARRIVED, arrived, team.nurse if has_nurse else team.reception),
        Happening(Status.IN_CONSULTATION, started, team.doctor if has_nurse else SYSTEM),
        Happening(Status.COMPLETED, ended, team.doctor if has_nurse else SYSTEM),
    ]
