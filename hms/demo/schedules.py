"""Weekly hours of every doctor, and the days that differ: leave, holidays, extra sessions."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from hms.core.days import local_day
from hms.demo.data.hours import SESSIONS, Shift, pattern_of
from hms.demo.data.specialities import speciality_of
from scheduling.models import Branch, Doctor, ScheduleException, WeeklySchedule
from scheduling.services import save_exception, save_weekly_schedule
from scheduling.statuses import ExceptionKind, VisitMode

YEARS_OF_HOURS = 5
# Holidays that stand on the same day every year: (month, day).
HOLIDAYS = {
    (1, 14): "Makara Sankranti",
    (1, 26): "Republic Day",
    (5, 1): "May Day",
    (8, 15): "Independence Day",
    (10, 2): "Gandhi Jayanti",
    (11, 1): "Kannada Rajyotsava",
    (12, 25): "Christmas",
}
# Position of the doctor in the list, first day and last day from today, what it is.
LEAVES = (
    (2, -1, 2, "Conference"),
    (3, 6, 13, "Annual leave"),
    (4, 9, 9, "Personal"),
    (5, -45, -36, "Annual leave"),
    (7, -20, -18, "Sick leave"),
    (10, 17, 24, "Annual leave"),
)
CAMP_DOCTOR = 2  # of cardiology
FOUNDATION_DAY, FOUNDERS = 11, "Foundation day of the hospital"


def write_hours(doctors: list[Doctor], branches: list[Branch], *, by: User, today: date) -> None:
    """The weekly shifts of all doctors; valid for years, so that there is a past to look at."""
    valid_from = date(today.year - YEARS_OF_HOURS, 1, 1)
    seen: set[int] = set()
    for position, doctor in enumerate(doctors):
        shifts = pattern_of(position)
        if doctor.department_id not in seen:  # the department's first doctor also holds its sessions
            shifts += SESSIONS.get(doctor.department.slug, ())
        seen.add(doctor.department_id)
        for shift in shifts:
            for schedule in _schedules(shift, doctor, position, branches):
                schedule.valid_from = valid_from
                save_weekly_schedule(schedule=schedule, by=by)


def _schedules(shift: Shift, doctor: Doctor, position: int, branches) -> Iterator[WeeklySchedule]:
    """The shift on each of its days, within the hours of the department."""
    department = doctor.department
    for weekday in shift.weekdays:
        yield WeeklySchedule(
            doctor=doctor,
            branch=branches[shift.branch],
            weekday=weekday,
            starts_at=max(shift.starts_at, department.opens_at),
            ends_at=min(shift.ends_at, department.closes_at),
            slot_minutes=max(shift.slot_minutes, speciality_of(position).shortest_slot),
            capacity=shift.capacity,
            mode=shift.mode,
            room="" if shift.mode == VisitMode.VIDEO else f"Room {position + 1}",
        )


def write_exceptions(doctors: list[Doctor], branches: list[Branch], *, by: User, past_days: int, today: date):
    """Leave of some doctors, the holidays of the time that is shown, and a camp on a Sunday."""
    for position, first, last, reason in LEAVES:
        if position < len(doctors):
            days = (today + timedelta(days=first), today + timedelta(days=last))
            _save(ExceptionKind.LEAVE, *days, reason, by=by, doctor=doctors[position])
    write_holidays(today - timedelta(days=past_days), today, by=by)
    if len(doctors) > CAMP_DOCTOR:
        _write_camp(doctors[CAMP_DOCTOR], branches[0], by=by, today=today)


def write_holidays(first: date, today: date, *, by: User) -> None:
    """The holidays from `first` on that are not there yet."""
    there = ScheduleException.objects.filter(kind=ExceptionKind.HOLIDAY, doctor=None)
    days = {timezone.localdate(starts_at) for starts_at in there.values_list("starts_at", flat=True)}
    for day, name in holidays(first, today):
        if day not in days:
            _save(ExceptionKind.HOLIDAY, day, day, name, by=by)


def holidays(first: date, today: date) -> Iterator[tuple[date, str]]:
    """Those from `first` to a month after today; the hospital's own where no other is to come."""
    last, is_one_to_come = today + timedelta(days=30), False
    for days in range((last - first).days + 1):
        day = first + timedelta(days=days)
        if name := HOLIDAYS.get((day.month, day.day)):
            is_one_to_come |= day > today
            yield day, name
    if not is_one_to_come:
        yield today + timedelta(days=FOUNDATION_DAY), FOUNDERS


def _write_camp(doctor: Doctor, branch: Branch, *, by: User, today: date) -> None:
    sunday = today + timedelta(days=7 + 6 - today.weekday())  # not this week
    add_session(
        doctor, branch, at(sunday, time(9)), at(sunday, time(12)), "Heart check camp", minutes=20, by=by
    )


def add_session(
    doctor: Doctor, branch: Branch, starts_at: datetime, ends_at: datetime, reason: str, *, minutes: int, by
) -> ScheduleException:
    """An extra session of one doctor."""
    session = ScheduleException(
        kind=ExceptionKind.EXTRA,
        doctor=doctor,
        branch=branch,
        starts_at=starts_at,
        ends_at=ends_at,
        slot_minutes=minutes,
        reason=reason,
    )
    return save_exception(exception=session, by=by)


def at(day: date, clock: time) -> datetime:
    """The moment at which the hospital's clock shows this time."""
    return datetime.combine(day, clock, tzinfo=timezone.get_current_timezone())


def _save(kind: str, first: date, last: date, reason: str, *, by: User, doctor: Doctor | None = None) -> None:
    closed = ScheduleException(
        kind=kind,
        doctor=doctor,
        starts_at=local_day(first)[0],
        ends_at=local_day(last)[1],
        reason=reason,
    )
    save_exception(exception=closed, by=by)
