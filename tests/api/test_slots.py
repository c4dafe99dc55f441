from datetime import time

import pytest

from scheduling.services import book_appointment
from tests.api.calls import Caller, told
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("I01")]


@pytest.fixture
def doctor():
    return doctor_with_hours(ends_at=time(10))


def ask(path: str):
    return Caller().get(path)


def test_the_free_times_of_a_doctor_by_day(doctor):
    patient = PatientFactory()
    book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=carer_of(patient))
    branch = doctor.schedules.first().branch.code

    found = ask(f"doctors/{doctor.reference}/slots/?date=2026-11-23&days=2").json()

    half_past, second = "2026-11-23T09:30:00+01:00", "2026-11-24T09:"
    assert found == {
        "days": [
            {"date": "2026-11-23", "slots": [slot(half_past, "2026-11-23T10:00:00+01:00", branch)]},
            {
                "date": "2026-11-24",
                "slots": [
                    slot(f"{second}00:00+01:00", f"{second}30:00+01:00", branch),
                    slot(f"{second}30:00+01:00", "2026-11-24T10:00:00+01:00", branch),
                ],
            },
        ]
    }


def slot(starts_at: str, ends_at: str, branch: str) -> dict:
    return {"starts_at": starts_at, "ends_at": ends_at, "mode": "in_person", "branch": branch}


def test_a_time_of_the_list_can_be_booked_as_it_stands(doctor):
    time = ask(f"doctors/{doctor.reference}/slots/?date=2026-11-23").json()["days"][0]["slots"][0][
        "starts_at"
    ]
    body = {"doctor": doctor.reference, "starts_at": time, "pay": "desk"}

    booked = Caller(carer_of(PatientFactory())).post("bookings/", body)

    assert booked.json()["starts_at"] == time


def test_the_free_times_of_a_department_name_who_is_free(doctor):
    branch = doctor.schedules.first().branch
    other = doctor_with_hours(department=doctor.department, ends_at=time(10))
    other.schedules.update(branch=branch)
    patient = PatientFactory()
    book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=carer_of(patient))

    (day,) = ask(f"departments/{doctor.department.slug}/slots/?date=2026-11-23").json()["days"]

    assert [sorted(slot["doctors"]) for slot in day["slots"]] == [
        [other.reference],
        sorted([doctor.reference, other.reference]),
    ]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("date=23.11.2026", "date"),
        ("date=2026-02-30", "date"),
        ("date=9999-12-31", "date"),
        ("days=0", "days"),
        ("days=32", "days"),
        ("days=x", "days"),
    ],
)
def test_a_bad_day_is_refused_at_its_field(doctor, query, field):
    answer = ask(f"doctors/{doctor.reference}/slots/?{query}")

    assert (told(answer), list(answer.json()["errors"])) == ((400, "invalid"), [field])


def test_without_a_day_the_times_are_of_today_and_beyond_the_horizon_there_are_none(doctor):
    assert ask(f"doctors/{doctor.reference}/slots/").json() == {"days": [{"date": "2026-11-22", "slots": []}]}
    far = ask(f"doctors/{doctor.reference}/slots/?date=2027-06-01&days=31").json()["days"]
    assert (len(far), [day for day in far if day["slots"]]) == (31, [])
    assert told(ask("doctors/ZZZZZZZZZZ/slots/")) == (404, "not_found")
    assert told(ask("departments/nowhere/slots/")) == (404, "not_found")


@pytest.mark.parametrize("days", [1, 31])
def test_the_number_of_queries_does_not_depend_on_days(doctor, days, django_assert_num_queries):
    with django_assert_num_queries(4):
        ask(f"doctors/{doctor.reference}/slots/?date=2026-11-23&days={days}")
