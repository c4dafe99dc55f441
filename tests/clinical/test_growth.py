"""Growth up to 5 years as an independent implementation of WHO's standards computes it."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from pygrowup import Observation

from clinical.vitals.growth import BODY_MASS_INDEX, HEIGHT, WEIGHT, curve, growth_of, why_not

pytestmark = pytest.mark.feature("C17")
BORN = date(2021, 3, 1)
CASES = 200


def z_scores(gender: str, days: int, weight: Decimal | None, height: Decimal | None) -> dict[str, float]:
    day = BORN + timedelta(days=days)
    found = growth_of(gender=gender, born=BORN, day=day, weight_kg=weight, height_cm=height)
    return {growth.indicator.name: growth.z for growth in found}


def expected(gender: str, days: int, weight: Decimal, height: Decimal) -> dict[str, float]:
    other = Observation(gender, age_in_days=days)
    is_lying = days < 731
    bmi = weight / (height / 100) ** 2
    return {
        "weight": float(other.wfa(weight)),
        "height": float(other.lhfa(height, auto_adjust=False)),
        "weight_for_height": float(other.wfl(weight, height) if is_lying else other.wfh(weight, height)),
        "bmi": float(other.bmifa(bmi)),
    }


def a_child(chance: Random) -> tuple[str, int, Decimal, Decimal]:
    """Sizes around the median, up to about four standard deviations from it."""
    days, gender = chance.randint(1, 1826), chance.choice(["male", "female"])
    median = {
        indicator: curve(indicator, gender, 50, range(days, days + 1))[0][1] for indicator in (WEIGHT, HEIGHT)
    }
    height = Decimal(median[HEIGHT] * chance.uniform(0.9, 1.08)).quantize(Decimal("0.1"))
    weight = Decimal(median[WEIGHT] * chance.uniform(0.7, 1.5)).quantize(Decimal("0.01"))
    return gender, days, weight, max(height, Decimal(45))


def test_z_scores_agree_with_the_other_implementation():
    chance = Random("growth")
    children = [a_child(chance) for _number in range(CASES)]

    for child in children:
        assert z_scores(*child) == pytest.approx(expected(*child), abs=0.011), child


def test_a_boy_of_one_year_and_his_percentile():
    found = growth_of(
        gender="male", born=BORN, day=date(2022, 3, 1), weight_kg=Decimal("9.6"), height_cm=Decimal("75.7")
    )

    assert [(growth.indicator.name, growth.z, growth.percentile_in_words) for growth in found] == [
        ("weight", -0.04, "48"),
        ("height", -0.02, "49"),
        ("weight_for_height", -0.06, "48"),
        ("bmi", -0.03, "49"),
    ]
    assert found[0].z_in_words == "\N{MINUS SIGN}0.04"


@pytest.mark.parametrize(
    ("weight", "words", "is_plausible"),
    [("5.5", "below 1", True), ("15", "above 99", True), ("30", "above 99", False)],
)
def test_extremes_are_said_in_words_and_impossible_ones_are_marked(weight, words, is_plausible):
    (found,) = growth_of(
        gender="male", born=BORN, day=date(2022, 3, 1), weight_kg=Decimal(weight), height_cm=None
    )

    assert (found.percentile_in_words, found.is_plausible) == (words, is_plausible)


def test_above_five_years_and_without_a_sex_there_are_none_and_the_reason_is_given():
    fifth = BORN + timedelta(days=1826)

    reasons = [
        why_not(gender="female", born=BORN, day=fifth),
        why_not(gender="female", born=BORN, day=fifth + timedelta(days=1)),
        why_not(gender="other", born=BORN, day=fifth),
    ]

    assert reasons == [
        "",
        "Percentiles are shown up to the age of 5 years.",
        "Percentiles need the sex, female or male.",
    ]
    assert z_scores("female", 1827, Decimal(18), Decimal(109)) == {}
    assert z_scores("other", 400, Decimal(10), Decimal(75)) == {}


def test_only_what_was_measured_has_a_percentile():
    assert set(z_scores("female", 400, Decimal(10), None)) == {"weight"}
    assert set(z_scores("female", 400, None, Decimal(75))) == {"height"}
    assert set(z_scores("female", 0, Decimal("3.2"), Decimal(44))) == {"weight", "height", "bmi"}


@pytest.mark.parametrize("indicator", [WEIGHT, HEIGHT, BODY_MASS_INDEX], ids=lambda each: each.name)
def test_a_point_on_a_curve_has_the_percentile_of_the_curve(indicator):
    curves = [curve(indicator, "female", percentile, range(0, 1827, 300)) for percentile in (3, 50, 97)]

    assert [len(points) for points in curves] == [7, 7, 7]
    assert all(low < middle < high for (_, low), (_, middle), (_, high) in zip(*curves, strict=True))
    if indicator == WEIGHT:
        day, weight = curves[0][2]
        assert z_scores("female", day, Decimal(weight), None)["weight"] == pytest.approx(-1.88, abs=0.005)
