"""What differs between an earlier prescription and the draft that repeats it."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from django.utils.translation import gettext as _

from clinical.prescribing.schedule import plain


class Item(Protocol):
    """The columns of a prescription's item that are compared."""

    title: str
    name: str
    medicine_id: int | None
    strength: str
    dose: object
    dose_unit: str
    schedule: str
    duration_days: int | None
    instructions: str


def changes_between(earlier: Iterable[Item], now: Iterable[Item]) -> list[str]:
    """One line for each item that was added, left out, or is taken otherwise."""
    before = {item.name: item for item in earlier}
    after = {item.name: item for item in now}
    return [
        *(line for name, item in after.items() for line in _changed(before.get(name), item)),
        *(
            _("Left out: %(item)s.") % {"item": item.title}
            for name, item in before.items()
            if name not in after
        ),
    ]


def _changed(before: Item | None, item: Item) -> Iterator[str]:
    if before is None:
        yield _("New: %(item)s.") % {"item": item.title}
        return
    for was, is_now in zip(_parts(before), _parts(item), strict=True):
        if was != is_now:
            values = {"item": item.name, "was": was or _("nothing"), "now": is_now or _("nothing")}
            yield _("%(item)s: %(was)s → %(now)s.") % values


def _parts(item: Item) -> tuple[str, ...]:
    days = _("%(n)s days") % {"n": item.duration_days} if item.duration_days else ""
    dose = f"{plain(item.dose)} {item.dose_unit}"
    return item.strength, dose, item.schedule, days, item.instructions
