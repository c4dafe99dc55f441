"""The state of a row according to its entries.

Every entry has the values before and after, so the entries of a column form a path. It ends at the value
that was reached once more often than it was left, whatever the order of the entries: keys of two processes
may be a millisecond out of order, values are not. A path with two ends has a gap.
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

# A start value that no column has.
NOWHERE = "\0"


@dataclass
class History:
    """The entries about one row, added in order of keys."""

    begun: int = 0
    ended: int = 0
    state: dict[str, Any] = field(default_factory=dict)  # the last value of each column
    is_smooth: bool = True  # whether each entry begins where the previous one ended
    pairs: dict[str, list[list]] = field(default_factory=dict)

    def add(self, action: str, changes: dict[str, list], *, rows: int | None = None, keep: bool = False):
        """`rows`, of a carried entry: creations minus deletions among the entries that it replaces."""
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
    """The combined effect of a column's entries as one pair; None if they cancel out."""
    ends, starts = ends_of(pairs, start=NOWHERE)
    ends = [end for end in ends if end != NOWHERE]
    if not ends and not starts:
        return None
    # A broken path has several ends; only the last is kept.
    return [starts[0] if starts else None, ends[-1] if ends else None]


def ends_of(pairs: Iterable[list], start: Any = None) -> tuple[list, list]:
    """The values where a column's path ends, and those where a part begins without reason."""
    balance: Counter[str] = Counter({encoded(start): 1})
    values = {encoded(start): start}
    for before, after in pairs:
        for value, number in ((before, -1), (after, 1)):
            text = encoded(value)
            values[text] = value
            balance[text] += number
    ends = [values[text] for text, number in balance.items() if number > 0]
    return ends, [values[text] for text, number in balance.items() if number < 0]
