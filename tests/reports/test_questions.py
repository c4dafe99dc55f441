"""Every report against a computation in plain Python over the same rows of random hospitals."""

from datetime import UTC, date, datetime

import hypothesis
import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st

from hms.reports.periods import Step
from hms.reports.question import QUESTIONS
from hms.reports.questions import quarters, registers
from hms.reports.questions.clinical import most_frequent
from hms.reports.scope import Scope
from tests.factories import staff
from tests.reports import expected, expected_records  # noqa: F401 - they fill EXPECTED
from tests.reports.hospital import DAYS, ZONES, carry_out, make_hospital, plans
from tests.reports.world import EXPECTED, World

pytestmark = [pytest.mark.django_db, pytest.mark.feature("R01"), pytest.mark.feature("R02")]
# Some bookings are still to come, and some follow-ups are over.
NOW = datetime(2026, 11, 8, 12, tzinfo=UTC)
SPANS = [
    (DAYS[0], DAYS[-1]),
    (DAYS[2], DAYS[2]),
    (date(2026, 10, 24), date(2026, 10, 31)),
    (DAYS[5], DAYS[6]),
]


def told(slug: str, scope: Scope) -> list[dict]:
    """The rows of the report in its columns; spelling of districts does not matter."""
    columns = [column.name for column in QUESTIONS[slug].columns]
    rows = [{name: row[name] for name in columns} for row in QUESTIONS[slug].rows(scope)]
    if slug == "patients-by-district":
        rows = [row | {"district": row["district"].lower()} for row in rows]
        rows.sort(key=lambda row: (-row["patients"], row["district"]))
    return rows


@hypothesis.given(
    plans=plans,
    zone=st.sampled_from(ZONES),
    span=st.sampled_from(SPANS),
    step=st.sampled_from(Step),
    top=st.integers(1, 3),
    branch=st.sampled_from([None, 0]),
    doctors=st.sampled_from([None, (0,), (1, 2)]),
)
@hypothesis.settings(
    max_examples=20,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.generate],
)
def test_reports_agree_with_plain_python(plans, zone, span, step, top, branch, doctors):
    with time_machine.travel(NOW, tick=False), timezone.override(zone), transaction.atomic():
        hospital = make_hospital()
        for plan in plans:
            carry_out(hospital, plan, zone)
        scope = Scope(
            *span,
            by=staff("administrator"),
            branches=None if branch is None else frozenset([hospital.branches[branch].pk]),
            doctors=None if doctors is None else frozenset(hospital.doctors[one].pk for one in doctors),
            step=step,
            top=top,
        )
        world = World(scope)

        wrong = {
            slug: (told(slug, scope), right)
            for slug, answer in EXPECTED.items()
            if told(slug, scope) != (right := answer(world))
        }

        assert wrong == {}
        transaction.set_rollback(True)


def test_every_report_is_compared():
    """Registers have tests of their own, in test_registers.py."""
    files = {quarters.__name__, registers.__name__}
    apart = {slug for slug, one in QUESTIONS.items() if one.rows.__module__ in files}

    assert set(EXPECTED) == set(QUESTIONS) - apart


def test_what_concerns_few_patients_is_one_line():
    rows = [
        {"name": name, "code": "", "patients": patients, "times": patients + 1}
        for name, patients in (("Gout", 4), ("Flu", 5), ("Asthma", 9), ("Cough", 5), ("Mumps", 1))
    ]

    shown = [(row["name"], row["patients"], row["times"]) for row in most_frequent(rows, 2)]

    assert shown == [
        ("Asthma", 9, 10),
        ("Cough", 5, 6),
        ("Flu", 5, 6),
        ("2 with fewer than 5 patients each", None, 7),
    ]
