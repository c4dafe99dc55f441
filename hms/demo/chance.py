"""Chance that comes out the same for the same seed.

Each part of the demo draws from a stream of its own, so that more patients change no doctor.
"""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import TypeVar

from hms.core.references import ALPHABET, REFERENCE_LENGTH

T = TypeVar("T")


class Chance(Random):
    """A stream of random choices, named by what it was made from."""

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name

    def part(self, name: str) -> "Chance":
        """A stream of its own for one part; the same whatever else was drawn."""
        return Chance(f"{self.name}/{name}")

    def happens(self, share: float) -> bool:
        return self.random() < share

    def pick(self, weighted: dict[T, float]) -> T:
        """One of the keys, as often as its weight says."""
        return self.choices(list(weighted), list(weighted.values()))[0]

    def early(self, rows: Sequence[T]) -> T:
        """One of the rows, the first ones more often: some come every month, most once a year."""
        return rows[int(len(rows) * self.random() ** 1.25)]

    def minutes(self, least: float, most: float) -> timedelta:
        """A whole number of seconds between so many minutes."""
        return timedelta(seconds=int(self.uniform(least, most) * 60))

    def reference(self) -> str:
        return "".join(self.choices(ALPHABET, k=REFERENCE_LENGTH))

    def digits(self, how_many: int) -> str:
        return "".join(self.choices("0123456789", k=how_many))
