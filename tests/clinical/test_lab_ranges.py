"""Ranges by age and sex, flags at their limits, and words for how far outside a number lies."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.ranges import Limits, choose_range, distance, flag_of
from clinical.statuses import Flag, RangeGap

pytestmark = pytest.mark.feature("C06")
D = Decimal
POTASSIUM = Limits(D("3.5"), D("5.1"), D("2.5"), D("6.5"))
LIPID = Limits(high=D(199))
HDL = Limits(low=D(40))
CRITICAL_ONLY = Limits(critical_low=D("2.5"), critical_high=D("6.5"), gap=RangeGap.SEX_UNKNOWN)


@dataclass(frozen=True)
class Row:
    sex: str
    age_from_days: int
    age_to_days: int | None = None


NEWBORN, CHILD = Row("any", 0, 14), Row("any", 14, 4383)
WOMAN, MAN = Row("f", 4383), Row("m", 4383)
ALL = [NEWBORN, CHILD, WOMAN, MAN]


@pytest.mark.parametrize(
    ("gender", "age_days", "found"),
    [
        ("female", 0, NEWBORN),
        ("unknown", 0, NEWBORN),
        ("male", 13, NEWBORN),
        ("male", 14, CHILD),
        ("female", 4382, CHILD),
        ("female", 4383, WOMAN),
        ("male", 4383, MAN),
        ("other", 4383, RangeGap.SEX_UNKNOWN),
        ("unknown", 4383, RangeGap.SEX_UNKNOWN),
    ],
)
def test_the_range_is_chosen_by_age_and_sex_at_each_boundary(gender, age_days, found):
    assert choose_range(ALL, gender=gender, age_days=age_days) == found


def test_a_range_for_the_sex_goes_before_one_for_any_and_none_is_invented():
    any_adult = Row("any", 4383)

    assert choose_range([any_adult, WOMAN], gender="female", age_days=9000) == WOMAN
    assert choose_range([any_adult, WOMAN], gender="unknown", age_days=9000) == any_adult
    assert choose_range([WOMAN], gender="male", age_days=9000) == RangeGap.NOT_LISTED
    assert choose_range([], gender="unknown", age_days=9000) == RangeGap.NOT_LISTED


@pytest.mark.parametrize(
    ("value", "comparator", "limits", "flag"),
    [
        ("2.5", "", POTASSIUM, Flag.CRITICAL_LOW),
        ("2.6", "", POTASSIUM, Flag.LOW),
        ("3.4", "", POTASSIUM, Flag.LOW),
        ("3.5", "", POTASSIUM, Flag.NORMAL),
        ("5.1", "", POTASSIUM, Flag.NORMAL),
        ("5.2", "", POTASSIUM, Flag.HIGH),
        ("6.4", "", POTASSIUM, Flag.HIGH),
        ("6.5", "", POTASSIUM, Flag.CRITICAL_HIGH),
        ("3.5", "<", POTASSIUM, Flag.LOW),
        ("3.5", "<=", POTASSIUM, Flag.NO_RANGE),
        ("4.0", "<", POTASSIUM, Flag.NO_RANGE),
        ("4.0", ">", POTASSIUM, Flag.NO_RANGE),
        ("5.1", ">", POTASSIUM, Flag.HIGH),
        ("10", ">", POTASSIUM, Flag.CRITICAL_HIGH),
        ("0.5", "<", LIPID, Flag.NORMAL),
        ("200", "", LIPID, Flag.HIGH),
        ("90", ">", HDL, Flag.NORMAL),
        ("39", "", HDL, Flag.LOW),
        ("4", "", Limits(), Flag.NO_RANGE),
        ("2.0", "", CRITICAL_ONLY, Flag.CRITICAL_LOW),
        ("4", "", CRITICAL_ONLY, Flag.NO_RANGE),
    ],
)
def test_a_number_is_flagged(value, comparator, limits, flag):
    assert flag_of(D(value), comparator, limits) == flag


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("1.8", "well below the usual range"),
        ("1.9", "below the usual range"),
        ("3.0", "below the usual range"),
        ("3.1", "slightly below the usual range"),
        ("3.5", "within the usual range"),
        ("5.1", "within the usual range"),
        ("5.5", "slightly above the usual range"),
        ("5.6", "above the usual range"),
        ("6.7", "above the usual range"),
        ("6.8", "well above the usual range"),
    ],
)
def test_plain_words_depend_on_the_distance_relative_to_the_width(value, words):
    assert distance(D(value), POTASSIUM).label == words


def test_a_range_with_one_limit_has_that_limit_as_its_width_and_none_has_no_words():
    assert distance(D(240), LIPID).label == "slightly above the usual range"
    assert distance(D(19), HDL).label == "below the usual range"
    assert distance(D(5), Limits()) is None


values = st.decimals(min_value=0, max_value=1000, places=2, allow_nan=False)


@given(values, values, values)
def test_flag_and_words_agree(value, one, other):
    limits = Limits(min(one, other), max(one, other))
    words = distance(value, limits)

    assert (flag_of(value, "", limits) == Flag.LOW) == words.endswith("below")
    assert (flag_of(value, "", limits) == Flag.HIGH) == words.endswith("above")
    assert (flag_of(value, "", limits) == Flag.NORMAL) == (words == "within")


@given(values, st.sampled_from(["<", "<=", ">", ">="]))
def test_a_comparator_never_gives_a_flag_that_some_value_meant_would_not_have(value, comparator):
    flag = flag_of(value, comparator, POTASSIUM)
    step = D("0.01") * (-1 if comparator.startswith("<") else 1)
    meant = [value] if comparator.endswith("=") else []
    meant += [value + step * number for number in (1, 10, 100, 1000) if value + step * number >= 0]

    assert flag == Flag.NO_RANGE or all(
        flag == one or (flag in (Flag.LOW, Flag.HIGH) and one.endswith(flag))
        for one in (flag_of(each, "", POTASSIUM) for each in meant)
    )
