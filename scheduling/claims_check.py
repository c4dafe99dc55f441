"""Compares claims, which are not logged, with the appointments they belong to.

An appointment that holds its time owns exactly its cells; any other owns none. The check starts at the
current cell: `purge_claims` deletes past claims without a record, and nobody can book in the past.
"""

import heapq
from collections.abc import Callable, Iterator
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from audit.evidence.verification.findings import Finding, Kind
from scheduling.cells import cell_of, moment_of
from scheduling.models import Appointment, PatientClaim, SlotClaim
from scheduling.services.claims import patient_claims, slot_claims
from scheduling.statuses import HOLDING

PAGE = 500
COLUMNS = {SlotClaim: ("doctor_id", "cell", "seat"), PatientClaim: ("patient_id", "cell")}
OWED = {SlotClaim: slot_claims, PatientClaim: patient_claims}
# By appointment and kind of claim.
Claims = dict[int, dict[type, set[tuple]]]


def check_claims(step: Callable[[int], object]) -> Iterator[Finding]:
    """Appointments whose claims are missing, surplus, or for another doctor, seat, patient or time."""
    first = cell_of(timezone.now())
    for page in _pages(first):
        owed, owned = _owed(page, first), _owned(page, first)
        for pk in page:
            if owed.get(pk) != owned.get(pk):
                yield from _check_under_lock(pk, first)
        step(len(page))


def _pages(first: int) -> Iterator[list[int]]:
    """Keys, in pages, of appointments that own a claim from the first cell on or should own one."""
    coming = Appointment.objects.filter(status__in=HOLDING, ends_at__gt=moment_of(first))
    sources = [_ascending(coming, "pk")]
    sources += [_ascending(model.objects.filter(cell__gte=first), "appointment_id") for model in COLUMNS]
    page: list[int] = []
    for pk, _same in groupby(heapq.merge(*sources)):
        page.append(pk)
        if len(page) == PAGE:
            yield page
            page = []
    yield page


def _ascending(rows, column: str) -> Iterator[int]:
    last = 0
    while True:
        found = rows.filter(**{f"{column}__gt": last}).order_by(column).values_list(column, flat=True)
        keys = list(found.distinct()[:PAGE])
        if not keys:
            return
        yield from keys
        last = keys[-1]


def _owed(pks: list[int], first: int) -> Claims:
    owed: Claims = {}
    for row in Appointment.objects.filter(pk__in=pks, status__in=HOLDING).order_by():
        for model, columns in COLUMNS.items():
            for claim in OWED[model](row):
                if claim.cell >= first:
                    _add(owed, row.pk, model, tuple(getattr(claim, column) for column in columns))
    return owed


def _owned(pks: list[int], first: int) -> Claims:
    owned: Claims = {}
    for model, columns in COLUMNS.items():
        claims = model.objects.filter(appointment_id__in=pks, cell__gte=first)
        for pk, *values in claims.values_list("appointment_id", *columns):
            _add(owned, pk, model, tuple(values))
    return owned


def _add(claims: Claims, pk: int, model: type, values: tuple) -> None:
    claims.setdefault(pk, {}).setdefault(model, set()).add(values)


def _check_under_lock(pk: int, first: int) -> Iterator[Finding]:
    """Compare again under the lock that bookings and cancellations take."""
    with transaction.atomic():
        list(Appointment.objects.select_for_update().filter(pk=pk).values_list("pk"))
        owed, owned = (found.get(pk, {}) for found in (_owed([pk], first), _owned([pk], first)))
    for kind, more, less in ((Kind.MISSING_DERIVED, owed, owned), (Kind.EXTRA_DERIVED, owned, owed)):
        changes = {
            model._meta.label_lower: [dict(zip(columns, values, strict=True)) for values in sorted(wrong)]
            for model, columns in COLUMNS.items()
            if (wrong := more.get(model, set()) - less.get(model, set()))
        }
        if changes:
            yield Finding(kind, model=Appointment._meta.label_lower, object_pk=str(pk), changes=changes)
