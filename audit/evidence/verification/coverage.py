"""Which seal or archive covers which entries, asked in the order of keys; only what is needed is unpacked."""

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
    """Goes through the keys that rows of one model cover, along with somebody who reads the log."""

    def __init__(self, model: type[Sealed], first: int):
        self.model, self.first = model, first
        numbers = model.objects.filter(last_id__gte=first).order_by("first_id")
        self.waiting = deque(numbers.values_list("first_id", "number"))
        self.open: list[_Open] = []

    def up_to(self, last: int | None) -> dict[int, int]:
        """The numbers of what covers, by key, for keys up to this one that were not asked for before."""
        while self.waiting and (last is None or self.waiting[0][0] <= last):
            _first, number = self.waiting.popleft()
            covered = self.model.objects.get(pk=number).covered()
            self.open.append(_Open(number, [key for key in covered if key >= self.first]))
        return {key: one.number for one in self.open for key in one.up_to(last)}

    def finished(self) -> Iterator[int]:
        """The numbers of those whose last key has been asked for; each is named once."""
        for one in [one for one in self.open if one.position == len(one.keys)]:
            self.open.remove(one)
            yield one.number
