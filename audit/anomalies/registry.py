"""The rules, by name. An app adds its own when it is ready: `add_rule("own_record", _("…"), own_record)`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from audit.anomalies.accesses import Access


@dataclass(frozen=True)
class Finding:
    """What a rule found: from when on, in which accesses of a person; `patient_id` if about one patient."""

    accesses: tuple[Access, ...]
    begins_at: datetime
    count: int
    patient_id: int | None = None


Find = Callable[[Sequence[Access]], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    """A rule with the words in which reviewers read it."""

    name: str
    label: str
    find: Find


_rules: dict[str, Rule] = {}


def add_rule(name: str, label: str, find: Find) -> None:
    """Look for this too; `find` gets the accesses of one day in the order of time."""
    _rules[name] = Rule(name, label, find)


def all_rules() -> list[Rule]:
    return list(_rules.values())


def label_of(name: str) -> str:
    """What people call the rule; its name when no app knows it any more."""
    return str(_rules[name].label) if name in _rules else name
