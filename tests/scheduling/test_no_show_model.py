"""The pure part of the no-show estimate: features, fit, measures and the count of those who come."""

import ast
import itertools
import math
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from scheduling.no_show.csv_file import ReadFile, UnreadableFile, read_outcomes
from scheduling.no_show.expected import Expected, chance_of_more_than, distribution, expected_places, fits
from scheduling.no_show.facts import FEATURES, Facts, Histories, Outcome, facts_of
from scheduling.no_show.logistic import BRAZIL_2016, NAMES, fit, probability
from scheduling.no_show.measures import Report, auc, compare, compare_model, fit_and_try
from tests.scheduling.outcomes import drawn, law

pytestmark = pytest.mark.feature("S20")
DAY = date(2026, 6, 10)


# --- what an estimate rests on


def test_an_estimate_rests_on_lead_time_age_and_earlier_visits_and_nothing_else():
    assert (
        *("lead", "same_day", "age", "years_over_30", "child"),
        *("missed_share", "earlier_visits"),
    ) == FEATURES
    assert Facts.__slots__ == ("lead_days", "age", "earlier_visits", "earlier_missed")
    assert Facts(9, 40, 4, 1).features() == (math.log(10), 0.0, 40.0, 10.0, 0.0, 1.6 / 7, 4.0)
    assert set(BRAZIL_2016) == set(NAMES) == {"intercept", *FEATURES}


def test_nothing_but_overbooking_and_what_shows_the_estimate_reads_it():
    """Nobody is refused a time because of an estimate."""
    readers = {
        "hms/site/board.py",
        "scheduling/admin/appointments.py",
        "scheduling/admin/no_show.py",
        "scheduling/apps.py",
        "scheduling/management/commands/fit_no_show.py",
        "scheduling/services/__init__.py",
        "scheduling/services/extra_places.py",
        "scheduling/services/no_show.py",
    }

    assert set(_importing("scheduling.no_show", "scheduling.services.no_show")) == readers


def _importing(*modules: str):
    root = Path(settings.BASE_DIR)
    for app in ("hms", "accounts", "scheduling", "clinical", "billing", "audit"):
        for path in (root / app).rglob("*.py"):
            name = path.relative_to(root).as_posix()
            if name.startswith("scheduling/no_show/"):
                continue
            found = [node for node in ast.walk(ast.parse(path.read_text())) if hasattr(node, "names")]
            if any((getattr(node, "module", "") or "").startswith(modules) for node in found):
                yield name


def test_a_visit_counts_only_once_its_outcome_was_known_before_the_day_of_the_booking():
    yesterday, tomorrow = DAY - timedelta(days=1), DAY + timedelta(days=1)
    histories = Histories([("a", yesterday, True), ("a", DAY, True), ("a", tomorrow, True), ("b", DAY, True)])

    found = [
        histories.facts(patient, booked_on=DAY, visit_on=tomorrow, age=30) for patient in ("a", "b", "c")
    ]

    assert found == [Facts(1, 30, 1, 1), Facts(1, 30, 0, 0), Facts(1, 30, 0, 0)]


@given(st.integers(0, 60), st.integers(0, 99), st.integers(0, 20), st.integers(0, 20))
def test_the_model_that_comes_with_the_software_is_the_published_formula(lead, age, missed, came):
    estimate = probability(BRAZIL_2016, Facts(lead, age, missed + came, missed))

    assert estimate == pytest.approx(law(lead, age, missed, missed + came), abs=1e-12)


# --- fit and measures


def test_a_fit_finds_the_law_behind_the_visits():
    outcomes = drawn(12_000)
    facts = facts_of(outcomes)

    coefficients = fit(facts, [one.missed for one in outcomes])

    true = [law(one.lead_days, one.age, one.earlier_missed, one.earlier_visits) for one in facts]
    gaps = [abs(probability(coefficients, one) - chance) for one, chance in zip(facts, true, strict=True)]
    assert sum(gaps) / len(gaps) < 0.015


def test_a_fit_foretells_later_visits_about_as_well_as_the_law_itself():
    outcomes = drawn(12_000)
    later = sorted(outcomes, key=lambda one: one.visit_on)[8_400:]
    best = compare_model(BRAZIL_2016, later, _facts_within(outcomes, later))

    _coefficients, report = fit_and_try(outcomes)

    assert report.auc > best.auc - 0.01
    assert 0.70 < best.auc < 0.80
    assert abs(report.intercept) < 0.15
    assert 0.85 < report.slope < 1.15
    assert report.worst.gap < 0.06
    assert {group.name for group in report.groups} >= {"age 0-12", "booked on the day", "female", "male"}
    assert Report.from_data(report.as_data()) == report


def _facts_within(outcomes: list[Outcome], part: list[Outcome]) -> list[Facts]:
    found = dict(zip(map(id, outcomes), facts_of(outcomes), strict=True))
    return [found[id(one)] for one in part]


def test_a_group_that_is_estimated_wrongly_is_the_worst():
    """Children come always, which the estimate by their age and history denies."""
    outcomes = [one for one in drawn(4_000) if not (one.age < 13 and one.missed)]

    report = compare_model(BRAZIL_2016, outcomes)

    assert report.worst.name == "age 0-12"
    assert report.worst.observed == 0.0


def test_measures_of_a_small_example_by_hand():
    predicted, missed = [0.1, 0.4, 0.4, 0.8], [False, False, True, True]

    report = compare(predicted, missed, [["x"]] * 4)

    assert report.auc == 3.5 / 4
    assert report.brier == pytest.approx((0.01 + 0.16 + 0.36 + 0.04) / 4)
    assert [(part.visits, part.observed) for part in report.deciles] == [(4, 0.5)]
    assert report.groups == []  # too few to judge


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.3, 0.7]), st.booleans()), min_size=2, max_size=30))
def test_the_auc_counts_pairs(pairs):
    missed = [p for p, outcome in pairs if outcome]
    kept = [p for p, outcome in pairs if not outcome]
    if not missed or not kept:
        return
    wins = sum((a > b) + (a == b) / 2 for a in missed for b in kept)

    assert auc(*zip(*pairs, strict=True)) == pytest.approx(wins / (len(missed) * len(kept)))


def test_a_fit_to_outcomes_that_are_all_alike_stays_finite():
    outcomes = [one for one in drawn(800) if not one.missed]

    coefficients, report = fit_and_try(outcomes)

    assert all(math.isfinite(value) for value in coefficients.values())
    assert (report.auc, report.slope) == (None, None)


# --- how many come


visits = st.lists(
    st.builds(Expected, st.floats(0, 1, allow_subnormal=False), st.integers(1, 3)), min_size=0, max_size=12
)


@given(visits)
def test_the_distribution_is_that_of_all_combinations(visits):
    chances = [0.0] * (sum(visit.places for visit in visits) + 1)
    for who in itertools.product([False, True], repeat=len(visits)):
        each = [visit.comes if comes else 1 - visit.comes for visit, comes in zip(visits, who, strict=True)]
        needed = sum(visit.places for visit, comes in zip(visits, who, strict=True) if comes)
        chances[needed] += math.prod(each)

    assert distribution(visits) == pytest.approx(chances, abs=1e-12)
    assert sum(chances) == pytest.approx(1)
    assert expected_places(visits) == pytest.approx(sum(n * chance for n, chance in enumerate(chances)))


@given(visits, st.integers(0, 36))
def test_what_fits_leaves_no_more_than_the_accepted_risk(visits, places):
    risk = chance_of_more_than(places, visits)

    assert fits(visits, places=places, most_risk=0.1) == (expected_places(visits) <= places and risk <= 0.1)
    assert not fits([*visits, Expected(1.0, places + 1)], places=places, most_risk=0.1)


# --- CSV


def test_a_csv_file_is_read_with_either_set_of_names():
    own = ["patient,booked_on,visit_on,age,missed,gender", "7,2026-01-02,2026-01-05,40,yes,female"]
    public = [
        "PatientId,Gender,ScheduledDay,AppointmentDay,Age,No-show",
        "7,female,2026-01-02T18:38:08Z,2026-01-05T00:00:00Z,40,Yes",
    ]
    visit = Outcome(
        "7", date(2026, 1, 2), date(2026, 1, 5), date(2026, 1, 5), 40, missed=True, gender="female"
    )

    assert read_outcomes(own) == read_outcomes(public) == ReadFile([visit], [], [])


def test_impossible_visits_of_a_csv_file_are_left_out_and_unreadable_ones_refused():
    head = "patient,booked_on,visit_on,age,missed"
    lines = [head, "7,2026-01-05,2026-01-02,40,no", "7,2026-01-02,2026-01-05,-1,no"]

    said = ["line 2: booked on 2026-01-05, after the visit on 2026-01-02", "line 3: age -1"]
    assert read_outcomes(lines) == ReadFile([], said, [])
    for wrong, said in [
        ([head, "7,2026-01-05,2026-01-06,40,perhaps"], "Line 2: patient '7', missed 'perhaps'"),
        ([head, "7,5/1/2026,2026-01-06,40,no"], "Line 2: Invalid isoformat string: '5/1/2026'"),
        ([head, ""], None),
        (["patient,age"], "The file has no column booked_on, visit_on, missed."),
    ]:
        if said is None:
            assert read_outcomes(wrong) == ReadFile([], [], [])
            continue
        with pytest.raises(UnreadableFile) as refused:
            read_outcomes(wrong)
        assert str(refused.value) == said
