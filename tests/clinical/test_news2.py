"""NEWS2 as an independent implementation computes it, and incomplete where something was not measured."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vitalscore.scores.news2 import score_news2

from clinical.models import VitalSigns
from clinical.vitals.news2 import PARAMETERS, news2_of

pytestmark = pytest.mark.feature("C17")
BORN, DAY = date(1980, 5, 1), date(2026, 11, 23)
WELL = {
    "respirations": 16,
    "oxygen_saturation": 98,
    "on_oxygen": False,
    "systolic": 120,
    "pulse": 72,
    "consciousness": "A",
    "temperature_c": Decimal("36.8"),
}
BANDS = {"low": "Low", "low-medium": "Medium", "medium": "Medium", "high": "High"}


def score(**values):
    return news2_of(VitalSigns(**WELL | values), born=BORN, day=DAY)


@given(
    respirations=st.integers(1, 99),
    oxygen_saturation=st.integers(50, 100),
    on_oxygen=st.booleans(),
    systolic=st.integers(20, 299),
    pulse=st.integers(1, 299),
    consciousness=st.sampled_from("ACVPU"),
    temperature_c=st.decimals(25, 45, places=1),
    is_scale_2=st.booleans(),
)
def test_every_score_agrees_with_the_other_implementation(is_scale_2, **values):
    ours = score(**values, is_spo2_scale_2=is_scale_2)

    theirs = score_news2(
        values["respirations"],
        values["oxygen_saturation"],
        values["on_oxygen"],
        values["systolic"],
        values["pulse"],
        values["consciousness"],
        float(values["temperature_c"]),
        use_spo2_scale2=is_scale_2,
    )
    assert list(ours.scores.values()) == [
        theirs.rr_score,
        theirs.spo2_score,
        theirs.o2_score,
        theirs.sbp_score,
        theirs.hr_score,
        theirs.consciousness_score,
        theirs.temp_score,
    ]
    assert (ours.total, BANDS[ours.band]) == (theirs.total, theirs.risk.value)


@pytest.mark.parametrize(
    ("values", "total", "band"),
    [
        ({}, 0, "low"),
        ({"pulse": 131}, 3, "low-medium"),
        ({"pulse": 111, "respirations": 21}, 4, "low"),
        ({"pulse": 111, "respirations": 21, "systolic": 110}, 5, "medium"),
        ({"pulse": 131, "respirations": 25, "systolic": 110}, 7, "high"),
    ],
)
def test_the_sum_and_a_single_three_decide_the_band(values, total, band):
    assert (score(**values).total, score(**values).band) == (total, band)


@pytest.mark.parametrize("name", PARAMETERS)
def test_what_was_not_measured_is_named_and_not_taken_as_normal(name):
    found = score(**{name: "" if name == "consciousness" else None})

    assert (found.missing, found.total, found.band) == ((name,), None, "")
    assert found.missing_in_words == PARAMETERS[name]
    assert name not in found.scores


def test_scale_2_scores_no_saturation_without_knowing_whether_oxygen_is_given():
    assert "oxygen_saturation" not in score(on_oxygen=None, is_spo2_scale_2=True).scores
    assert score(oxygen_saturation=90, is_spo2_scale_2=True).total == 0


def test_there_is_no_score_below_16_years():
    sixteenth = date(BORN.year + 16, BORN.month, BORN.day)

    scores = [news2_of(VitalSigns(**WELL), born=BORN, day=day) for day in (date(1996, 4, 30), sixteenth)]

    assert [found and found.total for found in scores] == [None, 0]
