"""The National Early Warning Score 2 (Royal College of Physicians, London, 2017).

For people of 16 years and older, not in pregnancy. Each of seven parameters scores 0 to 3. The sum and a
single 3 decide how urgent a review is. Scale 2 of the oxygen saturation is for patients with hypercapnic
respiratory failure, after the decision of a doctor.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.ages import completed_months
from clinical.statuses import Consciousness
from clinical.vitals.measures import Number

ADULT_AT = 16
WARNS_FOR = timedelta(hours=12)
PARAMETERS = {
    "respirations": _("breaths"),
    "oxygen_saturation": _("oxygen saturation"),
    "on_oxygen": _("air or oxygen"),
    "systolic": _("blood pressure"),
    "pulse": _("pulse"),
    "consciousness": _("consciousness"),
    "temperature_c": _("temperature"),
}
# Score of a value up to and including each limit; the last one has no limit.
RESPIRATIONS = ((8, 3), (11, 1), (20, 0), (24, 2), (None, 3))
SYSTOLIC = ((90, 3), (100, 2), (110, 1), (219, 0), (None, 3))
PULSE = ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (None, 3))
TEMPERATURE = ((35, 3), (36, 1), (38, 0), (39, 1), (None, 2))
SCALE_1 = ((91, 3), (93, 2), (95, 1), (None, 0))
SCALE_2_ON_AIR = ((83, 3), (85, 2), (87, 1), (None, 0))
SCALE_2_ON_OXYGEN = ((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), (None, 3))
LOW, LOW_MEDIUM, MEDIUM, HIGH = "low", "low-medium", "medium", "high"
BANDS = {
    LOW: _("low risk"),
    LOW_MEDIUM: _("low to medium risk: a single parameter scores 3, urgent review by a doctor"),
    MEDIUM: _("medium risk: urgent review by a doctor"),
    HIGH: _("high risk: emergency assessment"),
}


@dataclass(frozen=True)
class News2:
    """The scores of the parameters that are known; there is a total only if all are."""

    scores: dict[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def total(self) -> int | None:
        return None if self.missing else self.least

    @property
    def least(self) -> int:
        """What the total will be at least, whatever the missing parameters score."""
        return sum(self.scores.values())

    @property
    def is_alarming(self) -> bool:
        """Whether a doctor must come soon, whatever the missing parameters score."""
        return self.least >= 5 or 3 in self.scores.values()

    @property
    def band(self) -> str:
        """Empty as long as something is missing."""
        if self.total is None:
            return ""
        if self.total >= 7:
            return HIGH
        if self.total >= 5:
            return MEDIUM
        return LOW_MEDIUM if 3 in self.scores.values() else LOW

    @property
    def band_in_words(self) -> str:
        return BANDS.get(self.band, "")

    @property
    def rows(self) -> list[tuple[str, int]]:
        return [(PARAMETERS[name], score) for name, score in self.scores.items()]

    @property
    def missing_in_words(self) -> str:
        return ", ".join(str(PARAMETERS[name]) for name in self.missing)


def news2_of(vitals: Any, *, born: date, day: date) -> News2 | None:
    """The score of one set of vital signs, which has a column for each parameter; None below 16 years.

    What was not measured is missing and never taken as normal.
    """
    if completed_months(born, day) < ADULT_AT * 12:
        return None
    known = {name: getattr(vitals, name) for name in PARAMETERS}
    missing = tuple(name for name, value in known.items() if value in (None, ""))
    scale = _scale(known["on_oxygen"], vitals.is_spo2_scale_2)
    unscored = {*missing} if scale else {*missing, "oxygen_saturation"}
    score_of: dict[str, Callable[[Any], int]] = {
        "respirations": lambda value: _score(RESPIRATIONS, value),
        "oxygen_saturation": lambda value: _score(scale, value),
        "on_oxygen": lambda is_given: 2 if is_given else 0,
        "systolic": lambda value: _score(SYSTOLIC, value),
        "pulse": lambda value: _score(PULSE, value),
        "consciousness": lambda value: 0 if value == Consciousness.ALERT else 3,
        "temperature_c": lambda value: _score(TEMPERATURE, value),
    }
    scores = {name: score_of[name](value) for name, value in known.items() if name not in unscored}
    return News2(scores, missing)


def _scale(is_on_oxygen: bool | None, is_scale_2: bool) -> tuple | None:
    """The table of the oxygen saturation; None if scale 2 needs to know whether oxygen is given."""
    if not is_scale_2:
        return SCALE_1
    if is_on_oxygen is None:
        return None
    return SCALE_2_ON_OXYGEN if is_on_oxygen else SCALE_2_ON_AIR


def _score(table: tuple, value: Number) -> int:
    return next(score for limit, score in table if limit is None or value <= limit)
