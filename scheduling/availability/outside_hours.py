"""Finds appointments outside the current working hours.

An appointment is outside them if its doctor does not work at that branch in that mode throughout its
time. A changed slot length or fewer seats do not count, because the doctor still works then.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from scheduling.availability.facts import gather_hours
from scheduling.availability.questions import window_of
from scheduling.availability.stretches import Stretch, open_stretches
from scheduling.availability.terms import BookingTerms
from scheduling.models import Doctor
from scheduling.querysets import AppointmentQuerySet

COLUMNS = ("pk", "doctor_id", "branch_id", "mode", "starts_at", "ends_at")


@dataclass(frozen=True, slots=True)
class Booked:
    """The columns of an appointment that decide whether it is outside working hours."""

    pk: int
    doctor_id: int
    branch_id: int
    mode: str
    starts_at: datetime
    ends_at: datetime

    def lies_in(self, stretch: Stretch) -> bool:
        return (
            stretch.branch_id == self.branch_id
            and stretch.mode == self.mode
            and stretch.start <= self.starts_at.timestamp()
            and self.ends_at.timestamp() <= stretch.end
        )


def outside_hours(appointments: AppointmentQuerySet, *, now: datetime | None = None) -> set[int]:
    """Keys of the upcoming appointments outside their doctor's working hours; four queries."""
    now = now or timezone.now()
    rows = appointments.upcoming(now).order_by().values_list(*COLUMNS)
    by_day: dict[tuple[int, date], list[Booked]] = defaultdict(list)
    for row in rows:
        booked = Booked(*row)
        by_day[booked.doctor_id, timezone.localdate(booked.starts_at)].append(booked)
    if not by_day:
        return set()
    stretches = _stretches(by_day, now)
    return {
        booked.pk
        for key, day in by_day.items()
        for booked in day
        if not any(booked.lies_in(stretch) for stretch in stretches[key])
    }


def _stretches(keys: Iterable[tuple[int, date]], now: datetime) -> dict[tuple[int, date], list[Stretch]]:
    doctors = Doctor.objects.select_related("department").in_bulk({doctor for doctor, _day in keys})
    days = [day for _doctor, day in keys]
    facts = gather_hours(doctors.values(), min(days), max(days))
    windows = {pk: window_of(doctor, now, BookingTerms.for_staff()) for pk, doctor in doctors.items()}
    return {(pk, day): open_stretches(day, facts[pk], windows[pk]) for pk, day in keys}
