"""Who decides sees the score: beside the consultation, on the day board and on the doctor's first page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinical.services import record_vitals
from clinical.vitals.summary import last_news2
from tests.clinical.rows import doctor_at_work, visit_today
from tests.clinical.test_admin_vitals import words_of
from tests.factories import PatientFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C17")]

WELL = {"respirations": 16, "oxygen_saturation": 98, "on_oxygen": False, "systolic": 120, "diastolic": 80}
WELL |= {"pulse": 72, "consciousness": "A", "temperature_c": "36.8"}
ILL = WELL | {"pulse": 135, "respirations": 26}
ONE_THREE = WELL | {"pulse": 135}
# What was measured, oldest first with the hours ago: the total and the least of the score that is shown.
CASES = {
    "nothing": ([], None),
    "a height says nothing": ([({"height_cm": 170}, 0)], None),
    "a complete set": ([(ILL, 0)], (6, 6)),
    "a height after it": ([(ILL, 1), ({"height_cm": 170}, 0)], (6, 6)),
    "a usual pulse after it": ([(ILL, 1), ({"pulse": 80}, 0)], (6, 6)),
    "better in the last complete set": ([(ILL, 1), (WELL, 0)], (0, 0)),
    "an alarming pulse after a usual set": ([(WELL, 1), ({"pulse": 135}, 0)], (None, 3)),
    "only a pulse": ([({"pulse": 80}, 0)], (None, 0)),
    "yesterday": ([(ILL, 13)], None),
}


@pytest.fixture
def doctor():
    return doctor_at_work()


def measure(visit, values: dict, hours: int = 0) -> None:
    at = timezone.now() - timedelta(hours=hours)
    record_vitals(patient=visit.patient, appointment=visit, measured_at=at, **values, by=visit.doctor.user)


@pytest.mark.parametrize("case", CASES)
def test_the_last_complete_score_of_the_last_hours_counts(doctor, case):
    rows, expected = CASES[case]
    visit = visit_today(doctor)
    for values, hours in rows:
        measure(visit, values, hours)

    found = last_news2(visit.patient.vitalsigns_set.all(), visit.patient, timezone.now())

    assert (found and (found.news2.total, found.news2.least)) == expected


def test_the_score_stands_beside_the_consultation_and_in_the_chart(client, doctor):
    visit = visit_today(doctor)
    measure(visit, ILL, 1)
    measure(visit, {"height_cm": 170})
    client.force_login(doctor.user)

    pages = [f"/admin/consultation/{visit.reference}/", f"/admin/chart/{visit.patient.mrn}/"]
    said = [words_of(client.get(page)) for page in pages]

    shown = "NEWS2 6: medium risk: urgent review by a doctor"
    assert [(shown in words, "NEWS2 incomplete" in words) for words in said] == [(True, False)] * 2


@pytest.mark.parametrize("page", ["/admin/day-board/", "/admin/"])
def test_the_board_and_the_first_page_say_who_should_be_seen_soon(client, doctor, page):
    for values in (ILL, ONE_THREE, WELL):
        measure(visit_today(doctor, PatientFactory()), values)
    client.force_login(doctor.user)

    words = words_of(client.get(page))

    assert words.count("NEWS2") == 2
    assert "NEWS2 6: medium risk: urgent review by a doctor" in words
    assert "NEWS2 3: low to medium risk" in words


def test_the_front_desk_does_not_see_the_score(client, doctor):
    measure(visit_today(doctor), ILL)
    client.force_login(staff("receptionist"))

    assert "NEWS2" not in words_of(client.get("/admin/day-board/"))


def test_the_board_asks_as_often_for_three_patients_as_for_one(client, doctor):
    client.force_login(doctor.user)
    counts = []
    for _number in range(3):
        measure(visit_today(doctor, PatientFactory()), ILL)
        with CaptureQueriesContext(connection) as counted:
            client.get("/admin/day-board/")
        counts.append(len(counted))

    assert len(set(counts)) == 1
