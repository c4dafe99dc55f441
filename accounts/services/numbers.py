"""Numbers that are issued once. Gaps are allowed: a registration can fail after it takes a number."""

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import Counter
from accounts.mrn import format_mrn

MRN_SERIES = "mrn"


def next_mrns(how_many: int) -> list[str]:
    """The next MRNs; call it in the transaction that uses them."""
    last = advance(MRN_SERIES, how_many)
    return [format_mrn(number) for number in range(last - how_many + 1, last + 1)]


def advance(series: str, by: int = 1) -> int:
    """Advance the counter and return its new value; the row stays locked until the commit.

    The update comes before the read and takes the lock, so that two transactions never read one number.
    """
    with transaction.atomic():
        while not _move(series, by):
            _create(series)
        return Counter.objects.values_list("last", flat=True).get(series=series)


def forget(series: str, *, but: str) -> None:
    """Delete counters whose names begin with `series`, except those that begin with `but`."""
    Counter.objects.filter(series__startswith=series).exclude(series__startswith=but).delete()


def _move(series: str, by: int) -> int:
    return Counter.objects.filter(series=series).update(last=F("last") + by)


def _create(series: str) -> None:
    try:
        with transaction.atomic():
            Counter.objects.create(series=series)
    except IntegrityError:
        pass  # another transaction has created it
