"""Vital signs on telephones, tablets and desks, in light and dark, with and without scripts."""

import re
from datetime import date
from decimal import Decimal

import pytest

from clinical.services import record_vitals
from hms.core.rights import SYSTEM
from scheduling.models import Appointment
from tests.browser.rows import given_a_doctor, given_a_nurse, given_a_visit
from tests.factories import at, carer_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.feature("C02")]
WEIGHTS = ("3.4", "5.9", "7.8", "8.8", "9.7")


def given_a_child_who_grows() -> Appointment:
    visit = given_a_visit(
        given_a_doctor(), 9, 30, full_name="Dev Rao", date_of_birth=date(2025, 10, 20), gender="male"
    )
    for number, weight in enumerate(WEIGHTS):
        record_vitals(
            patient=visit.patient,
            measured_at=at(8, days=90 * number - 390),
            weight_kg=Decimal(weight),
            height_cm=Decimal(51 + 6 * number),
            pulse=150 - 8 * number,
            temperature_c=Decimal("37.1"),
            by=SYSTEM,
        )
    return visit


@pytest.mark.parametrize(
    "options",
    [{"width": 360}, {"width": 768, "dark": True}, {"width": 1440, "javascript": False}],
    ids=["phone", "tablet, dark", "desk, no scripts"],
)
def test_a_nurse_records_and_the_carer_reads(visitor, options):
    visit = given_a_child_who_grows()
    # Django's button for the colours has no name without scripts, so the staff site is checked with them.
    nurse, carer = visitor(**options | {"javascript": True}), visitor(**options)
    nurse.logs_in_as(given_a_nurse(visit.doctor))
    carer.logs_in_as(carer_of(visit.patient))

    nurse.opens(f"/admin/vitals/{visit.reference}/")
    nurse.fills(temperature_c="102 F", pulse="999", weight_kg="22 lb")
    nurse.presses("Record")
    nurse.sees("Nothing is recorded yet.", "999/min is not possible.")
    nurse.fills(pulse="160")
    nurse.presses("Record")
    nurse.sees("Temperature 38.9 °C (102 °F)", "high for the age", "percentile", "Growth", "Trends")
    carer.opens("/me/records/vitals/")

    nurse.follows("Entered in error?")
    nurse.fills(reason="Measured on the brother")
    nurse.presses(re.compile("^Save$"))

    carer.sees("Dev Rao", "160/min", "above the usual range", "Growth", "Over time")
    carer.opens("/me/records/vitals/")
    carer.sees_no("160/min")


def test_an_adult_has_charts_with_two_lines_and_news2(visitor):
    doctor = given_a_doctor()
    visit = given_a_visit(doctor, 9, 30, full_name="Lakshmi Rao", date_of_birth=date(1958, 3, 1))
    for number in range(6):
        record_vitals(
            patient=visit.patient,
            measured_at=at(8, days=30 * number - 200),
            systolic=158 - 5 * number,
            diastolic=96 - 3 * number,
            glucose_mg_dl=160 - 9 * number,
            glucose_kind=["fasting", "after_meal", "random"][number % 3],
            by=SYSTEM,
        )
    meera = visitor(width=768)
    meera.logs_in_as(doctor.user)

    meera.opens(f"/admin/vitals/{visit.reference}/")
    meera.fills(temperature_c="38.4", pulse="112", blood_pressure="118/76", respirations="22")
    meera.presses("Record")

    meera.sees("NEWS2 incomplete: not measured: oxygen saturation, air or oxygen, consciousness.")
    meera.sees("Systolic", "Diastolic", "Fasting", "After a meal")
