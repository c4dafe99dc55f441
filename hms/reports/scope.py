"""What a question is asked about: days, places, doctors; and the rows of the apps that lie within.

Aggregates read all rows: who may ask the question is decided before, by `hms.reports.services`. Names of
patients are read through `visible_to`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from hms.core.days import midnight
from hms.reports.periods import Step, number_of, period_of
from scheduling.models import Appointment, Department, Doctor
from scheduling.querysets import AppointmentQuerySet


@dataclass(frozen=True)
class Scope:
    """Both days count. `branches` and `doctors` are keys, None for all; `by` is the person who asks."""

    first: date
    last: date
    by: Any
    branches: frozenset[int] | None = None
    doctors: frozenset[int] | None = None
    step: Step = Step.DAY
    top: int = 10
    # The same places and doctors in the address of a report.
    asked: Mapping[str, str] = field(default_factory=dict)

    def within(self, rows: QuerySet, moment: str, visit: str = "") -> QuerySet:
        """The rows whose moment is between the days; `visit` is the path to their appointment."""
        begins, ends = midnight(self.first), midnight(self.last + timedelta(days=1))
        return self.of_places(rows.filter(**{f"{moment}__gte": begins, f"{moment}__lt": ends}), visit)

    def of_places(self, rows: QuerySet, visit: str = "") -> QuerySet:
        """The rows of these branches and doctors, on whatever day, in no order."""
        path = f"{visit}__" if visit else ""
        if self.branches is not None:
            rows = rows.filter(**{f"{path}branch__in": self.branches})
        if self.doctors is not None:
            rows = rows.filter(**{f"{path}doctor__in": self.doctors})
        return rows.order_by()

    def bookings(self) -> AppointmentQuerySet:
        """By the day of the visit, whatever became of them; without times that were never booked."""
        return self.within(Appointment.objects.ever_booked(), "starts_at")

    def visits(self) -> AppointmentQuerySet:
        """Bookings whose patients came."""
        return self.within(Appointment.objects.came(), "starts_at")

    def listed_doctors(self) -> list[Doctor]:
        """Those within the scope with their departments, also those who cannot be booked any more."""
        rows = Doctor.objects.select_related("department").order_by("full_name", "pk")
        return list(rows if self.doctors is None else rows.filter(pk__in=self.doctors))

    def listed_departments(self) -> list[Department]:
        rows = Department.objects.order_by("name")
        if self.doctors is None:
            return list(rows)
        return list(rows.filter(pk__in=Doctor.objects.filter(pk__in=self.doctors).values("department")))

    def by_period(self, rows: QuerySet, moment: str, nothing: dict, **counts) -> list[dict]:
        """A row for each period with its label and days; `nothing` counts where there are no rows."""
        number = period_of(moment, self.step, self.first, self.last)
        counted = rows.annotate(nth_period=number).values("nth_period").annotate(**counts)
        found = {row.pop("nth_period"): row for row in counted}
        return [
            {"period": self.name_of(first), "days": self.days_of(first)}
            | found.get(number_of(first, self.step), nothing)
            for first in self.step.periods(self.first, self.last)
        ]

    def name_of(self, period: date) -> str:
        """A week is named by the first of its days that counts."""
        return self.step.name_of(self.days_of(period)[0] if self.step == Step.WEEK else period)

    def days_of(self, period: date) -> tuple[date, date]:
        """The first and the last day of the period that are within the scope."""
        return max(period, self.first), min(self.step.after(period) - timedelta(days=1), self.last)
