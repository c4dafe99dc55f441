from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from hms.core.days import local_day
from scheduling.models import Appointment, Branch, ScheduleException, WeeklySchedule
from scheduling.statuses import ExceptionKind


def rooms_at(branch: Branch, moment: datetime, doctors: Iterable[int]) -> dict[int, str]:
    """The rooms in which these doctors see patients at the branch at this time of the day, where known.

    Before and between shifts it is the room of the next one, after the last that of the last. Two queries.
    """
    local = timezone.localtime(moment)
    begins, ends = local_day(local.date())
    doctors = list(doctors)
    shifts = WeeklySchedule.objects.valid_between(local.date(), local.date())
    shifts = shifts.filter(branch=branch, weekday=local.weekday(), doctor__in=doctors)
    extra = ScheduleException.objects.filter(kind=ExceptionKind.EXTRA, branch=branch, doctor__in=doctors)
    columns = ("doctor_id", "room", "starts_at", "ends_at")
    sessions = [(doctor, room, last) for doctor, room, _first, last in shifts.values_list(*columns)]
    for doctor, room, _first, last in extra.overlapping(begins, ends).values_list(*columns):
        sessions.append((doctor, room, timezone.localtime(last).time()))
    sessions.sort(key=lambda session: session[2], reverse=True)
    rooms: dict[int, str] = {}
    for doctor, room, last in sessions:
        if doctor not in rooms or last >= local.time():
            rooms[doctor] = room
    return rooms


def room_of(visit: Appointment) -> str:
    return rooms_at(visit.branch, visit.starts_at, [visit.doctor_id]).get(visit.doctor_id, "")
