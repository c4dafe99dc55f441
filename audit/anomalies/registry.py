"""The rules, by name. An app adds its own in `ready()`: `add_rule("own_record", _("…"), own_record)`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from audit.anomalies.accesses import Access


@dataclass(frozen=True)
class Finding:
    """What a rule found in one person's accesses; `patient_id` if it concerns one patient."""

    accesses: tuple[Access, ...]
    begins_at: datetime
    count: int
    patient_id: int | None = None


Find = Callable[[Sequence[Access]], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    """A rule and its label for reviewers."""

    name: str
    label: str
    find: Find


_rules: dict[str, Rule] = {}


def add_rule(name: str, label: str, find: Find) -> None:
    """Add a rule; `find` receives the accesses of one day in order of time."""
    _rules[name] = Rule(name, label, find)


def all_rules() -> list[Rule]:
    return list(_rules.values())


def label_of(name: str) -> str:
    """The rule's label; its name if no app defines the rule any more."""
    return str(_rules[name].label) if name in _rules else name
