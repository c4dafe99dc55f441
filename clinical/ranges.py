"""What a number means: the range for a sex and an age, the flag, and how far outside it lies.

Values, limits and widths are in one unit, that of the result. A limit itself is inside the range; a critical
limit itself is critical. Ages are in days at the time of collection.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from clinical.statuses import Flag, RangeGap, RangeSex

SLIGHTLY, FAR = Decimal("0.25"), Decimal(1)
SEX_OF_GENDER = {"female": RangeSex.FEMALE, "male": RangeSex.MALE}


@dataclass(frozen=True)
class Limits:
    """A range as a result keeps it; `gap` says why there is none."""

    low: Decimal | None = None
    high: Decimal | None = None
    critical_low: Decimal | None = None
    critical_high: Decimal | None = None
    gap: str = RangeGap.NONE


class Distance(TextChoices):
    """The plain words for a number and its range."""

    WELL_BELOW = "well_below", _("well below the usual range")
    BELOW = "below", _("below the usual range")
    SLIGHTLY_BELOW = "slightly_below", _("slightly below the usual range")
    WITHIN = "within", _("within the usual range")
    SLIGHTLY_ABOVE = "slightly_above", _("slightly above the usual range")
    ABOVE = "above", _("above the usual range")
    WELL_ABOVE = "well_above", _("well above the usual range")


def choose_range(ranges: Iterable, *, gender: str, age_days: int):
    """The range for a sex and an age, or the `RangeGap` that explains why there is none.

    A range for the sex goes before one for any. For a patient whose sex is not known only a range for any
    counts: where women and men differ there is no range.
    """
    fitting = [
        one
        for one in ranges
        if one.age_from_days <= age_days and (one.age_to_days is None or age_days < one.age_to_days)
    ]
    by_sex = {one.sex: one for one in fitting}
    sex = SEX_OF_GENDER.get(gender)
    found = by_sex.get(sex) or by_sex.get(RangeSex.ANY)
    if found is not None:
        return found
    return RangeGap.SEX_UNKNOWN if sex is None and fitting else RangeGap.NOT_LISTED


def flag_of(value: Decimal, comparator: str, limits: Limits) -> Flag:
    """The flag of a number; critical limits count even where there is no range."""
    if is_at_most(value, comparator, limits.critical_low):
        return Flag.CRITICAL_LOW
    if is_at_least(value, comparator, limits.critical_high):
        return Flag.CRITICAL_HIGH
    if is_below(value, comparator, limits.low):
        return Flag.LOW
    if is_above(value, comparator, limits.high):
        return Flag.HIGH
    if limits.low is None and limits.high is None:
        return Flag.NO_RANGE
    return Flag.NORMAL if is_inside(value, comparator, limits) else Flag.NO_RANGE


def is_at_most(value: Decimal, comparator: str, limit: Decimal | None) -> bool:
    """Whether every value that is meant is at or below the limit: "<0.5" is, for a limit of 0.5."""
    return limit is not None and not comparator.startswith(">") and value <= limit


def is_at_least(value: Decimal, comparator: str, limit: Decimal | None) -> bool:
    return limit is not None and not comparator.startswith("<") and value >= limit


def is_below(value: Decimal, comparator: str, limit: Decimal | None) -> bool:
    """Strictly below: "<0.5" is, for a limit of 0.5; "<=0.5" and 0.5 are not."""
    if limit is None or comparator.startswith(">"):
        return False
    return value <= limit if comparator == "<" else value < limit


def is_above(value: Decimal, comparator: str, limit: Decimal | None) -> bool:
    if limit is None or comparator.startswith("<"):
        return False
    return value >= limit if comparator == ">" else value > limit


def is_inside(value: Decimal, comparator: str, limits: Limits) -> bool:
    """Whether every value that is meant is inside. Nothing measured is below zero."""
    is_open_below = limits.low is None or limits.low <= 0
    if comparator.startswith("<"):
        return is_open_below and (limits.high is None or value <= limits.high)
    if comparator.startswith(">"):
        return limits.high is None and value >= limits.low
    return True


def distance(value: Decimal, limits: Limits) -> Distance | None:
    """How far a number lies outside its range, relative to the width; None without a range.

    Up to a quarter of the width is "slightly", more than the whole width "well". A range with one limit has
    that limit as its width.
    """
    if limits.low is None and limits.high is None:
        return None
    if limits.low is not None and value < limits.low:
        words = (Distance.SLIGHTLY_BELOW, Distance.BELOW, Distance.WELL_BELOW)
        return _graded(limits.low - value, limits, words)
    if limits.high is not None and value > limits.high:
        words = (Distance.SLIGHTLY_ABOVE, Distance.ABOVE, Distance.WELL_ABOVE)
        return _graded(value - limits.high, limits, words)
    return Distance.WITHIN


def _graded(outside: Decimal, limits: Limits, words: tuple[Distance, Distance, Distance]) -> Distance:
    has_both = limits.low is not None and limits.high is not None
    width = limits.high - limits.low if has_both else limits.high or limits.low
    slightly, outright, well = words
    if not width or outside > width * FAR:
        return well
    return slightly if outside <= width * SLIGHTLY else outright
