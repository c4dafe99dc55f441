"""The part of a doctor that availability needs, read by one prepared query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from django.db.models import CharField, DateField, IntegerField, QuerySet
from django.utils import timezone

from hms.core.prepared import PreparedQuery
from scheduling.models import Doctor

COLUMNS = (
    "pk",
    "reference",
    "full_name",
    "fee",
    "department_id",
    "is_active",
    "registration_expires_on",
    "first_visit_slots",
    "department__opens_at",
    "department__closes_at",
    "department__is_active",
)
BY_REFERENCE = PreparedQuery(
    lambda parameter: Doctor.objects.filter(reference=parameter("reference", CharField())).values_list(
        *COLUMNS
    )
)
BY_KEY = PreparedQuery(
    lambda parameter: Doctor.objects.filter(pk=parameter("pk", IntegerField())).values_list(*COLUMNS)
)

BOOKABLE = PreparedQuery(
    lambda parameter: Doctor.objects.bookable(parameter("day", DateField())).values_list(*COLUMNS)
)


@dataclass(frozen=True, slots=True)
class DepartmentHours:
    opens_at: time
    closes_at: time
    is_active: bool


@dataclass(frozen=True, slots=True)
class DoctorTerms:
    """What decides whether and when a doctor can be booked, apart from the schedule."""

    pk: int
    reference: str
    full_name: str
    fee: Decimal
    department_id: int
    is_active: bool
    registration_expires_on: date
    first_visit_slots: int
    department: DepartmentHours

    @property
    def asks_kind(self) -> bool:
        return self.first_visit_slots > 1


def doctor_terms(*, reference: str | None = None, pk: int | None = None) -> DoctorTerms | None:
    """The current terms of the doctor with this reference or key; None if there is no such doctor."""
    rows = BY_REFERENCE.rows(reference=reference) if reference is not None else BY_KEY.rows(pk=pk)
    return _terms(rows[0]) if rows else None


def bookable_doctors() -> list[DoctorTerms]:
    """Everybody whom a patient may book today."""
    return [_terms(row) for row in BOOKABLE.rows(day=timezone.localdate())]


def terms_of(doctors: QuerySet[Doctor]) -> list[DoctorTerms]:
    """The same of doctors who are asked for otherwise."""
    return [_terms(row) for row in doctors.values_list(*COLUMNS)]


def _terms(row: Sequence) -> DoctorTerms:
    *doctor, opens_at, closes_at, is_active = row
    return DoctorTerms(*doctor, DepartmentHours(opens_at, closes_at, is_active))
