"""The last value of each measure, with the change to the one before it."""

from decimal import Decimal

import pytest

from clinical.models import VitalSigns
from clinical.services import record_vitals
from clinical.vitals.readings import latest_vitals
from tests.clinical.rows import doctor_at_work, patient_of
from tests.factories import at

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C02")]
DAYS_AGO = {
    1: {"pulse": 80, "weight_kg": Decimal("70.5"), "glucose_mg_dl": 140, "glucose_kind": "fasting"},
    2: {"pulse": 80, "glucose_mg_dl": 210, "glucose_kind": "after_meal"},
    3: {"weight_kg": Decimal(72), "systolic": 150, "diastolic": 95},
    4: {"systolic": 130, "diastolic": 85, "glucose_mg_dl": 120, "glucose_kind": "fasting"},
}


def on(days: int) -> str:
    return f"{at(9, days=-days):%-d %b %Y}"


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_latest_values_come_with_their_change_in_one_query(django_assert_num_queries):
    doctor = doctor_at_work()
    patient = patient_of(doctor)
    for days, values in DAYS_AGO.items():
        record_vitals(patient=patient, measured_at=at(9, days=-days), **values, by=doctor.user)
    rows = VitalSigns.objects.filter(patient=patient).valid()

    with django_assert_num_queries(1):
        latest = latest_vitals(rows, born=patient.date_of_birth)

    assert [
        (last.reading.label, plain(last.reading.text), plain(last.change_in_words)) for last in latest
    ] == [
        ("Pulse", "80/min", f"unchanged since {on(2)}"),
        ("Blood pressure", "150/95 mmHg", f"130/85 mmHg on {on(4)}"),
        ("Weight", "70.5 kg", f"down 1.5 kg since {on(3)}"),
        ("Glucose, fasting", "140 mg/dL", f"up 20 mg/dL since {on(4)}"),
        ("Glucose, after a meal", "210 mg/dL", ""),
    ]


def test_two_measurements_of_one_day_are_told_apart_by_the_time():
    rows = [
        VitalSigns(measured_at=at(11, days=-1), pulse=90),
        VitalSigns(measured_at=at(9, days=-1), pulse=100),
        VitalSigns(measured_at=at(8, days=-1), pulse=200),
    ]

    (latest,) = latest_vitals(rows, born=at(9).date().replace(year=1980, day=1))

    assert latest.change_in_words == f"down 10/min since {on(1)}, 9:00 AM"
