"""What stands behind a number: visits, bookings, or their patients, for questions to narrow down."""

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Patient
from hms.reports.question import Behind
from hms.reports.scope import Scope
from scheduling.models import Appointment

Rows = Callable[[Scope], QuerySet]
Key = str | Callable[[str], Q]


def visits(key: Key = "", rows: Rows = Scope.visits, **where) -> Behind:
    return Behind(Appointment, lambda scope: rows(scope).filter(**where), key)


def patients(key: Key = "", rows: Rows = Scope.visits, **where) -> Behind:
    """Each once."""
    return Behind(Patient, lambda scope: rows(scope).filter(**where), key, to="patient")


def bookings(fate: str = "", key: Key = "", rows: Rows = Scope.bookings) -> Behind:
    """All of them, or those with the fate."""

    def of_fate(scope: Scope) -> QuerySet:
        return rows(scope).filter(Appointment.objects.fates(timezone.now())[fate] if fate else Q())

    return Behind(Appointment, of_fate, key)
