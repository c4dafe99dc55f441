"""Free times as links, by part of the day and place."""

from datetime import datetime, tzinfo
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from scheduling.availability import Slot
from scheduling.moments import PartOfDay, clock_of, compact_seconds
from scheduling.statuses import name_of_place


def parts_of(slots: list[Slot], book: str, *, with_place: bool = False) -> list[dict]:
    """Slots grouped by morning, afternoon and evening, and within these by place and mode.

    The links are built here because the template takes five times as long.
    With `with_place`, the address of a time includes branch and mode.
    """
    if not slots:
        return []
    language = get_language()
    parts: dict[tuple, list] = {}
    for slot in slots:
        part, at, label = _reading(slot.start, slot.zone, language)
        parts.setdefault((part, slot.branch_id, slot.mode), []).append((at, label))
    branches = {slot.branch_id: slot.branch for slot in slots}
    return [
        _part(part, *branches[branch_id], mode, times, book, with_place=with_place)
        for (part, branch_id, mode), times in sorted(parts.items())
    ]


@lru_cache(maxsize=16_384)
def _reading(start: int, zone: tzinfo, language: str | None) -> tuple[PartOfDay, str, str]:
    """The part of the day of a moment, and the moment for an address and for the reader.

    Cached, because slots of all doctors begin at the same moments.
    """
    local = datetime.fromtimestamp(start, zone)
    return PartOfDay.at(local.hour), compact_seconds(start), clock_of(local, language)


def _part(
    part: PartOfDay, branch: str, code: str, mode: str, times: list, book: str, *, with_place: bool
) -> dict:
    before = escape(book)
    after = f"&amp;branch={escape(code)}&amp;mode={mode}" if with_place else ""
    links = [f'<li><a class="slot" href="{before}{at}{after}">{label}</a></li>' for at, label in times]
    return {
        "title": part.label,
        "place": name_of_place(branch, mode),
        "links": mark_safe("".join(links)),  # noqa: S308 - digits, our own words, and what is escaped above
    }
