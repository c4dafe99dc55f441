"""A doubtful weight is neither offered nor used for doses until it is measured again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clinical.models import VitalSigns
from clinical.services import record_vitals
from clinical.services.signing import check_draft
from clinical.vitals.weights import Weighed, Weighings
from tests.clinical.prescribing import write
from tests.clinical.rows import doctor_at_work, visit_today
from tests.factories import PatientFactory
from tests.opened import opened

pytestmark = [pytest.mark.feature("C05"), pytest.mark.feature("C17")]

TODAY = date(2026, 6, 1)
AGE = "far from what is usual at this age"
ADULT, NEWBORN, BOY = date(1986, 6, 1), date(2026, 5, 25), date(2018, 6, 1)
# Born; kilograms with the days ago, oldest first; the weight that doses use, and the doubt.
CASES = {
    "never weighed": (ADULT, [], None, ""),
    "once": (ADULT, [(70, 0)], 70, ""),
    "too long ago": (ADULT, [(70, 31)], None, ""),
    "twenty percent more": (ADULT, [(70, 29), (84, 0)], 84, ""),
    "more than twenty percent": (
        ADULT,
        [(70, 29), (85, 0)],
        None,
        "far from 70\N{NO-BREAK SPACE}kg on 3 May 2026",
    ),
    "pounds taken for kilograms": (
        ADULT,
        [(70, 0), (154, 0)],
        None,
        "far from 70\N{NO-BREAK SPACE}kg on 1 Jun 2026",
    ),
    "the same after 31 days": (ADULT, [(70, 31), (85, 0)], 85, ""),
    "measured again": (ADULT, [(70, 5), (85, 0), (88, 0)], 88, ""),
    "back to what it was": (ADULT, [(70, 1), (154, 0), (71, 0)], 71, ""),
    "an adult of 7 kg": (ADULT, [(7, 0)], None, AGE),
    "a newborn": (NEWBORN, [("3.4", 0)], "3.4", ""),
    "a newborn with the mother's digits": (NEWBORN, [(35, 0)], None, AGE),
    "a newborn of 3 pounds less": (
        NEWBORN,
        [("3.4", 5), ("1.9", 0)],
        None,
        "far from 3.4\N{NO-BREAK SPACE}kg on 27 May 2026",
    ),
    "a boy of 8 years": (BOY, [(24, 20), (25, 0)], 25, ""),
    "a boy who doubles": (BOY, [(24, 20), (50, 0)], None, "far from 24\N{NO-BREAK SPACE}kg on 12 May 2026"),
}


def weighings(born: date, rows, gender: str = "male") -> Weighings:
    measured = [Weighed(Decimal(kg), TODAY - timedelta(days=days)) for kg, days in rows]
    return Weighings(gender, born, measured)


@pytest.mark.parametrize("case", CASES)
def test_the_last_weight_is_used_unless_it_is_doubtful(case):
    born, rows, kg, doubt = CASES[case]

    assert weighings(born, rows).last(TODAY) == (kg and Decimal(kg), doubt)


@pytest.mark.parametrize(
    ("born", "rows", "stated", "doubt"),
    [
        (ADULT, [(70, 0)], 154, "far from 70\N{NO-BREAK SPACE}kg on 1 Jun 2026"),
        (ADULT, [(70, 0), (154, 0)], 154, "far from 70\N{NO-BREAK SPACE}kg on 1 Jun 2026"),
        (ADULT, [(70, 1), (154, 0), (154, 0)], 154, ""),
        (ADULT, [(70, 0)], 75, ""),
        (NEWBORN, [], 35, AGE),
        (NEWBORN, [(35, 0)], 35, AGE),
        (NEWBORN, [], "3.5", ""),
    ],
)
def test_a_stated_weight_is_judged_by_the_same_measure(born, rows, stated, doubt):
    for gender in ("male", "female", "unknown"):
        assert weighings(born, rows, gender).doubt(Decimal(stated), TODAY) == doubt


@pytest.fixture
def doctor(db):
    return doctor_at_work()


@pytest.fixture
def newborn(doctor):
    born = timezone.localdate() - timedelta(days=7)
    return visit_today(doctor, PatientFactory(gender="male", date_of_birth=born)).patient


def test_a_doubtful_weight_is_not_offered_until_it_is_measured_again(client, doctor, newborn):
    client.force_login(doctor.user)
    page = f"/admin/prescribe/{newborn.appointments.get().reference}/"
    record_vitals(patient=newborn, weight_kg=Decimal(35), by=doctor.user)

    first = client.get(page)
    record_vitals(patient=newborn, weight_kg=Decimal("3.5"), by=doctor.user)
    second = opened(client, page)

    assert first.context["form"].initial["weight_kg"] is None
    assert AGE in first.content.decode()
    assert Decimal(second["weight_kg"][0]) == Decimal("3.5")
    assert VitalSigns.objects.recent_weight(newborn) == Decimal("3.5")


def test_a_typed_weight_is_judged_by_the_check(doctor, newborn):
    draft = write(newborn, "syp paracetamol 120 2 ml TDS for 3 days", weight_kg=Decimal(35))

    found = [(each.severity.value, each.text) for each in check_draft(draft) if "weight" in each.text.lower()]

    assert found == [
        ("caution", f"The weight of 35 kg is not plausible: {AGE}."),
        ("not_checked", "Not checked: dose by weight (weight not plausible)."),
        ("not_checked", "Not checked: the daily maximum of paracetamol (weight not plausible)."),
    ]
