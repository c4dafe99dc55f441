"""Which seal or archive covers which entry, in order of keys; only current ones are unpacked."""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from audit.models.sealed import Sealed


@dataclass
class _Open:
    number: int
    keys: list[int]
    position: int = 0

    def up_to(self, last: int | None) -> list[int]:
        end = len(self.keys) if last is None else bisect_right(self.keys, last)
        keys, self.position = self.keys[self.position : end], end
        return keys


class Coverage:
    """The keys that seals, or archives, cover; advances with a reader of the log."""

    def __init__(self, model: type[Sealed], first: int):
        self.model, self.first = model, first
        numbers = model.objects.filter(last_id__gte=first).order_by("first_id")
        self.waiting = deque(numbers.values_list("first_id", "number"))
        self.open: list[_Open] = []

    def up_to(self, last: int | None) -> dict[int, int]:
        """Numbers of seals (or archives) by covered key, for the keys since the last call up to this one."""
        while self.waiting and (last is None or self.waiting[0][0] <= last):
            _first, number = self.waiting.popleft()
            covered = self.model.objects.get(pk=number).covered()
            self.open.append(_Open(number, [key for key in covered if key >= self.first]))
        return {key: one.number for one in self.open for key in one.up_to(last)}

    def finished(self) -> Iterator[int]:
        """Numbers of those whose last key has been passed; each appears once."""
        for one in [one for one in self.open if one.position == len(one.keys)]:
            self.open.remove(one)
            yield one.number
