"""What the entries about one row say that the row must look like.

Every entry has each column before and after, so the entries of a column form a path of values. Its end is
the value that was come to once more than it was left, in whatever order they were written: the keys of two
processes may be a millisecond out of order, while values are not. A path that has two ends has a gap in it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from audit.models import Action
from audit.signing.canonical import encoded

BEGINS = frozenset({Action.CREATE.value, Action.CARRY.value})
ENDS = frozenset({Action.DELETE.value})
# Entries of these kinds say how a row was changed.
OF_STATE = (*BEGINS, *ENDS, Action.UPDATE.value, Action.PERMISSION_CHANGE.value, Action.SETTINGS_CHANGE.value)

# A start that no column has.
NOWHERE = "\0"


@dataclass
class History:
    """The entries about one row; read in the order of their keys."""

    begun: int = 0
    ended: int = 0
    state: dict[str, Any] = field(default_factory=dict)  # the last value of each column
    is_smooth: bool = True  # whether each entry found what the one before it had left
    pairs: dict[str, list[list]] = field(default_factory=dict)

    def add(self, action: str, changes: dict[str, list], *, rows: int | None = None, keep: bool = False):
        """`rows` is how many rows more there were after what a carried entry stands for."""
        begun, ended = action in BEGINS, action in ENDS
        if rows is not None:
            begun, ended = max(rows, 0), max(-rows, 0)
        self.begun, self.ended = self.begun + begun, self.ended + ended
        state = self.state
        for column, (before, after) in changes.items():
            if column in state and state[column] != before:
                self.is_smooth = False
            state[column] = after
            if keep:
                self.pairs.setdefault(column, []).append([before, after])
        if action in ENDS:
            state.update(dict.fromkeys(state))

    @property
    def is_alive(self) -> bool:
        return self.begun > self.ended


def net_of(pairs: list[list]) -> list | None:
    """What entries of one column did together, as one pair; nothing when they took back what they did."""
    ends, starts = ends_of(pairs, start=NOWHERE)
    ends = [end for end in ends if end != NOWHERE]
    if not ends and not starts:
        return None
    # Where a path was broken there are several; the others are lost with what broke it.
    return [starts[0] if starts else None, ends[-1] if ends else None]


def ends_of(pairs: Iterable[list], start: Any = None) -> tuple[list, list]:
    """The values at which the path of a column ends, and those where one begins that should not."""
    balance: Counter[str] = Counter({encoded(start): 1})
    values = {encoded(start): start}
    for before, after in pairs:
        for value, number in ((before, -1), (after, 1)):
            text = encoded(value)
            values[text] = value
            balance[text] += number
    ends = [values[text] for text, number in balance.items() if number > 0]
    return ends, [values[text] for text, number in balance.items() if number < 0]
