"""Reads the log in order of keys, a few thousand entries at a time, without locks."""

import hmac
from collections.abc import Iterable, Iterator

from audit.capture.rows import parts
from audit.models import AuditEvent
from audit.signing.canonical import READ, mac_of
from audit.signing.keys import key_of

PAGE = 2_000
Row = dict[str, object]


def pages(first: int = 0, last: int | None = None) -> Iterator[list[Row]]:
    """All entries from a key on, as dictionaries."""
    rows = AuditEvent.objects.order_by("pk").values(*READ)
    if last is not None:
        rows = rows.filter(pk__lte=last)
    while page := list(rows.filter(pk__gte=first)[:PAGE]):
        yield page
        first = page[-1]["id"] + 1


def pages_of_keys(first: int) -> Iterator[list[int]]:
    keys = AuditEvent.objects.order_by("pk").values_list("pk", flat=True)
    while page := list(keys.filter(pk__gte=first)[:PAGE]):
        yield page
        first = page[-1] + 1


def entries_with(keys: Iterable[int]) -> Iterator[Row]:
    """The entries with these ascending keys; missing ones are skipped."""
    for some in parts(keys):
        yield from AuditEvent.objects.filter(pk__in=some).order_by("pk").values(*READ)


def is_genuine(row: Row) -> bool:
    """Whether the entry is unchanged since somebody with the key wrote it."""
    key = key_of(row["key_version"])
    return key is not None and hmac.compare_digest(mac_of(row, key), row["mac"])
