"""Keeps the months that are over, and forgets those whose rows have changed.

A change of the past leaves a mark in its own transaction (`hms.reports.triggers`). A mark that is committed
after its month has been read stays, so what was kept meanwhile does not count; the next run reads it again.
"""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, Min
from django.utils import timezone

from billing.models import Invoice
from hms.core.rights import SYSTEM
from hms.reports import triggers
from hms.reports.models import ChangedDay, KeptMonth
from hms.reports.parts import PARTS, Part, months_around
from hms.reports.periods import Step
from hms.reports.scope import Scope
from scheduling.models import Appointment

# After the end of a month; then nobody is still to come, and follow-ups are over.
OVER_AFTER = timedelta(days=20)
GIVEN_UP_AFTER = timedelta(hours=1)  # by a run that was killed


def keep_months() -> int:
    """Compute what is missing; returns how many parts of months were kept. Keeps nothing without triggers."""
    if triggers.missing():
        forget_all()
        return 0
    forget_changed()
    there = set(KeptMonth.objects.values_list("part", "first"))
    missing = [(one, month) for month in months_over() for one in PARTS.values()]
    return sum(_keep(one, month) for one, month in missing if (one.name, month) not in there)


def forget_changed() -> None:
    """Drop what is kept of changed months, and with it the marks."""
    with transaction.atomic():
        last = ChangedDay.objects.aggregate(last=Max("pk"))["last"] or 0
        marked = ChangedDay.objects.filter(pk__lte=last)
        days = set(marked.order_by().values_list("day", flat=True).distinct())
        marked.filter(day__in=days).delete()
        for one in PARTS.values():  # after the marks: a run that read before one of them loses its row
            changed = {month for day in days for month in months_around(day, one.reaches_days)}
            KeptMonth.objects.filter(part=one.name, first__in=changed).delete()
        given_up = timezone.now() - GIVEN_UP_AFTER
        KeptMonth.objects.filter(content__isnull=True, begun_at__lt=given_up).delete()


def forget_all() -> None:
    KeptMonth.objects.all().delete()


def months_over() -> list[date]:
    """The latest one first."""
    begins = [
        Appointment.objects.aggregate(first=Min("starts_at"))["first"],
        Invoice.objects.aggregate(first=Min("created_at"))["first"],
    ]
    first = min(map(timezone.localdate, filter(None, begins)), default=None)
    last = timezone.localdate() - OVER_AFTER
    if first is None or first > last:
        return []
    return [month for month in Step.MONTH.periods(first, last) if Step.MONTH.after(month) <= last][::-1]


def _keep(one: Part, month: date) -> int:
    """A row without content is put there first: if a change drops it meanwhile, nothing is kept."""
    try:
        with transaction.atomic():
            row = KeptMonth.objects.create(part=one.name, first=month)
    except IntegrityError:
        return 0
    last = Step.MONTH.after(month) - timedelta(days=1)
    figures = one.merge([one.read(Scope(first=month, last=last, by=SYSTEM))])
    content = [[list(key), list(map(plain, values))] for key, values in figures.items()]
    return KeptMonth.objects.filter(pk=row.pk).update(content=content)


def plain(value):
    return sorted(value) if isinstance(value, set) else value
