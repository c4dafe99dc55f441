"""All rows of a hospital, and what belongs to a scope, found row by row in Python.

What a visit is, when a day begins and how is rounded is written here once more, on purpose.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils import timezone
from django.utils.formats import date_format

from billing.models import Invoice, Payment, Refund
from clinical.models import LabOrder
from hms.reports.scope import Scope
from scheduling.models import Appointment, Department, Doctor

CAME = {"arrived", "in_consultation", "completed"}
EXPECTED: dict[str, Callable] = {}
WEEK = timedelta(days=7)


def answers(slug: str) -> Callable:
    def add(function: Callable) -> Callable:
        EXPECTED[slug] = function
        return function

    return add


def rounded(value: Fraction, places: str) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(places), ROUND_HALF_UP)


def per_cent(part: int, whole: int) -> Decimal | None:
    return rounded(Fraction(100 * part, whole), "0.1") if whole else None


def mean_minutes(lengths: list[timedelta]) -> int | None:
    if not lengths:
        return None
    return int(rounded(Fraction(int(sum(lengths, timedelta()).total_seconds()), 60 * len(lengths)), "1"))


def day_of(moment: datetime) -> date:
    return moment.astimezone(timezone.get_current_timezone()).date()


class World:
    """All rows, and those that belong to the scope."""

    def __init__(self, scope: Scope):
        self.scope = scope
        self.all_visits = list(Appointment.objects.select_related("doctor", "patient"))
        self.doctors = [
            one
            for one in Doctor.objects.select_related("department").order_by("full_name")
            if scope.doctors is None or one.pk in scope.doctors
        ]
        kept = {one.department_id for one in self.doctors}
        self.departments = [
            one for one in Department.objects.order_by("name") if scope.doctors is None or one.pk in kept
        ]

    def covers(self, moment: datetime | None, visit: Appointment | None) -> bool:
        scope = self.scope
        if moment is None or not scope.first <= day_of(moment) <= scope.last:
            return False
        if scope.branches is None and scope.doctors is None:
            return True
        at_place = visit and (scope.branches is None or visit.branch_id in scope.branches)
        return bool(at_place and (scope.doctors is None or visit.doctor_id in scope.doctors))

    @property
    def bookings(self) -> list[Appointment]:
        return [
            one
            for one in self.all_visits
            if self.covers(one.starts_at, one)
            and (one.booked_at or one.status not in ("held", "expired", "cancelled"))
        ]

    @property
    def came(self) -> list[Appointment]:
        return [one for one in self.bookings if one.status in CAME]

    def bills(self) -> list[Invoice]:
        return [
            one
            for one in Invoice.objects.select_related("appointment")
            if one.status != "void"
            and not (one.appointment and one.appointment.status in ("held", "expired"))
            and self.covers(one.created_at, one.appointment)
        ]

    def payments(self) -> list[Payment]:
        rows = Payment.objects.select_related("invoice__appointment")
        return [one for one in rows if self.covers(one.captured_at, one.invoice.appointment)]

    def refunds(self) -> list[Refund]:
        rows = Refund.objects.filter(status="processed").select_related("payment__invoice__appointment")
        return [one for one in rows if self.covers(one.closed_at, one.payment.invoice.appointment)]

    def orders(self) -> list[LabOrder]:
        rows = LabOrder.objects.select_related("appointment", "test", "patient")
        return [
            one for one in rows if one.status != "cancelled" and self.covers(one.recorded_at, one.appointment)
        ]

    def periods(self) -> list[date]:
        """Each day's period, once."""
        first, last = self.scope.first, self.scope.last
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return list(dict.fromkeys(map(self.period, days)))

    def period(self, day: date) -> date:
        match self.scope.step.value:
            case "week":
                return date.fromisocalendar(*day.isocalendar()[:2], 1)
            case "month":
                return date(day.year, day.month, 1)
            case "year":
                return date(day.year, 1, 1)
        return day

    def label(self, period: date) -> str:
        if self.scope.step.value == "week":
            period = max(period, self.scope.first)
        return date_format(period, {"month": "M Y", "year": "Y"}.get(self.scope.step.value, "j M Y"))

    def by_period(self, rows: Iterable, moment: str, count: Callable[[list], dict]) -> list[dict]:
        found = defaultdict(list)
        for row in rows:
            found[self.period(day_of(getattr(row, moment)))].append(row)
        return [{"period": self.label(one)} | count(found[one]) for one in self.periods()]

    def by_doctor(self, rows: list, count: Callable[[list], dict]) -> list[dict]:
        found = defaultdict(list)
        for row in rows:
            found[row.doctor_id].append(row)
        return [
            {"doctor": one.full_name, "department": one.department.name} | count(found[one.pk])
            for one in self.doctors
            if one.is_active or found[one.pk]
        ]

    def by_department(self, rows: list, count: Callable[[list], dict]) -> list[dict]:
        return [
            {"department": one.name} | count([row for row in rows if row.doctor.department_id == one.pk])
            for one in self.departments
        ]


def people(visits: list) -> int:
    return len({one.patient_id for one in visits})


def with_ties(rows: list, count: str, top: int, label: str) -> list:
    """Those for whom fewer than `top` others have more."""
    shown = [row for row in rows if sum(other[count] > row[count] for other in rows) < top]
    return sorted(shown, key=lambda row: (-row[count], row[label]))
