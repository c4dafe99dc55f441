"""How many come on which day: weekdays more than Sundays, this month more than months ago."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hms.demo.today import AT_MOST
from scheduling.cells import minutes_between
from scheduling.models import Doctor, WeeklySchedule

USUAL_PAST_DAYS = 120
LONGEST_PAST_DAYS = 4 * 365
COMING_DAYS = 28
SHARE_TODAY, SHARE_COMING = 0.05, 0.2
MOST_COMING_PER_PATIENT = 2  # on average
# Of all seats of the schedules at most so many are filled, so that every day still has free times.
FULLEST = 0.55
WEEKDAYS = (1.25, 1.05, 1.1, 1.0, 1.05, 0.9, 0.2)
SLOWEST = 0.6  # the first days of the past against the last ones
WEEK = 7


class TooManyAppointments(Exception):
    """The doctors could not see so many patients in years."""

    def __init__(self, most: int):
        super().__init__(most)
        self.most = most


@dataclass(frozen=True)
class Quotas:
    """The number of visits by day, and how many days back they begin."""

    past: dict[date, int]
    today: int
    coming: dict[date, int]


def seats_per_week(doctors: Iterable[Doctor]) -> int:
    """How many patients the doctors could see in a week."""
    shifts = WeeklySchedule.objects.filter(doctor__in=doctors)
    return sum(shift.capacity * (_minutes(shift) // shift.slot_minutes) for shift in shifts)


def past_days(appointments: int, seats: int) -> int:
    """How far back the visits begin; further where the doctors could not see them all."""
    days = int(appointments / max(1, seats) / FULLEST * WEEK) + 1
    if days > LONGEST_PAST_DAYS:
        raise TooManyAppointments(int(seats * FULLEST * LONGEST_PAST_DAYS / WEEK))
    return max(USUAL_PAST_DAYS, days)


def share_out(appointments: int, *, patients: int, seats: int, today: date) -> Quotas:
    """Give every day its number of visits; the days that are to come get fewer, the further they are."""
    now = max(AT_MOST, min(round(appointments * SHARE_TODAY), int(seats / WEEK * FULLEST)))
    now = min(now, appointments // 2)
    coming = min(
        round(appointments * SHARE_COMING), patients * MOST_COMING_PER_PATIENT, int(seats * FULLEST * 2)
    )
    days = past_days(appointments, seats)
    past = [today - timedelta(days=back) for back in range(days, 0, -1)]
    ahead = [today + timedelta(days=n) for n in range(1, COMING_DAYS + 1)]
    trend = [SLOWEST + (1 - SLOWEST) * n / days for n in range(days)]
    return Quotas(
        past=by_day(appointments - now - coming, past, trend),
        today=now,
        coming=by_day(coming, ahead, [0.87**n for n in range(COMING_DAYS)]),
    )


def by_day(total: int, days: list[date], weights: list[float]) -> dict[date, int]:
    """Whole numbers with exactly this sum, in proportion to the weights."""
    weighted = [weight * WEEKDAYS[day.weekday()] for day, weight in zip(days, weights, strict=True)]
    quotas, given, share = {}, 0, 0.0
    for day, weight in zip(days, weighted, strict=True):
        share += weight / sum(weighted) * total
        quotas[day] = round(share) - given
        given += quotas[day]
    return quotas


def _minutes(shift: WeeklySchedule) -> int:
    return minutes_between(shift.starts_at, shift.ends_at)
