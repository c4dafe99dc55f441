"""The page of one doctor, with the photograph."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.factories import (
    DoctorFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    at,
    carer_of,
    doctor_with_hours,
)
from tests.scheduling.pages import (
    heading,
    links,
    notices,
    text,
    times,
    title,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S06"),
    pytest.mark.usefixtures("sunday_noon"),
]


def test_a_profile_shows_the_doctor_and_the_times_of_the_first_free_day(client):
    doctor = doctor_with_hours(full_name="Dr Asha Rao", biography="Listens.")

    response = client.get(f"/doctors/{doctor.reference}/")

    assert (title(response), heading(response)) == ("Dr Asha Rao, Cardiology", "Dr Asha Rao")
    assert "Listens." in text(response)
    assert "Monday 23 November 6 free times" in text(response)
    assert times(response) == ["9:00 AM", "9:30 AM", "10:00 AM", "10:30 AM", "11:00 AM", "11:30 AM"]


@pytest.mark.feature("S07")
def test_a_full_day_says_why_and_suggests_the_first_free_one(client):
    doctor = doctor_with_hours()
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(0), ends_at=at(0, days=3))

    response = client.get(f"/doctors/{doctor.reference}/?day=2026-11-23")

    page = f"/doctors/{doctor.reference}/?day="
    assert times(response) == []
    assert "No free time on this day. The doctor is on leave." in text(response)
    assert "Next free: Wed 25 Nov, 9:00 AM" in text(response)
    assert f"{page}2026-11-25" in links(response, page)


@pytest.mark.feature("S07")
def test_the_strip_shows_the_number_of_times_per_day_and_links_to_other_weeks(client):
    doctor = doctor_with_hours()
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(0), ends_at=at(0, days=2))

    response = client.get(f"/doctors/{doctor.reference}/")
    last = client.get(f"/doctors/{doctor.reference}/?day=2026-12-22")

    days = [
        *("Sun 22 November none", "Mon 23 November none", "Tue 24 November 6 free"),
        *("Wed 25 November 6 free", "Thu 26 November 6 free", "Fri 27 November 6 free"),
        "Sat 28 November 6 free",
    ]
    assert " ".join(["22 Nov to 28 Nov Later days", *days]) in text(response)
    assert "Earlier days 20 Dec to 22 Dec Sun 20 December" in text(last)
    assert "Later days" not in text(last)


@pytest.mark.feature("S07")
def test_turning_to_another_week_shows_its_first_free_day(client):
    doctor = doctor_with_hours()
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(0, days=6), ends_at=at(0, days=9))
    page = f"/doctors/{doctor.reference}/?week="

    first = client.get(f"/doctors/{doctor.reference}/")
    second = client.get(f"{page}2026-11-29")

    assert links(first, page) == [f"{page}2026-11-29"]
    assert links(second, page) == [f"{page}2026-11-22", f"{page}2026-12-06"]
    assert "Tuesday 1 December 6 free times" in text(second)


@pytest.mark.feature("S07")
def test_the_last_week_may_have_one_day(client, settings):
    settings.BOOKING = settings.BOOKING | {"horizon_days": 7}
    doctor = doctor_with_hours()

    response = client.get(f"/doctors/{doctor.reference}/?week=2026-11-29")

    assert "Earlier days 29 Nov to 29 Nov Sun 29 November 6 free" in text(response)


@pytest.mark.feature("S07")
@pytest.mark.parametrize("week", ["2026-11-01", "2027-01-01", "x"])
def test_a_week_that_cannot_be_booked_shows_the_first_free_day(client, week):
    doctor = doctor_with_hours()

    response = client.get(f"/doctors/{doctor.reference}/?week={week}")

    assert "Monday 23 November 6 free times" in text(response)


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2026-02-30", "This is not a valid day. Choose one of these."),
        ("tomorrow", "This is not a valid day. Choose one of these."),
        ("2026-11-21", "That day has passed. Choose one of these."),
        (
            "2026-12-23",
            "Bookings are only open until Tuesday 22 December. Choose one of these.",
        ),
    ],
)
def test_a_day_that_cannot_be_shown_is_named_and_another_one_shown(client, day, message):
    doctor = doctor_with_hours()

    response = client.get(f"/doctors/{doctor.reference}/?day={day}")

    assert (response.status_code, notices(response)) == (200, [message])
    assert len(times(response)) == 6


def test_a_doctor_whose_registration_has_expired_has_a_page_but_no_times(client):
    doctor = doctor_with_hours(registration_expires_on=date(2026, 11, 21))

    response = client.get(f"/doctors/{doctor.reference}/?day=2026-11-23")

    assert times(response) == []
    assert "The doctor's registration has expired." in text(response)


@pytest.mark.parametrize("reference", ["NOBODYHERE", "1"])
def test_the_page_of_an_unknown_doctor_is_not_found(client, reference):
    DoctorFactory()

    assert client.get(f"/doctors/{reference}/").status_code == 404


def test_a_doctor_who_has_left_has_no_page(client):
    doctor = DoctorFactory(is_active=False)

    answer = client.get(f"/doctors/{doctor.reference}/")

    assert (answer.status_code, doctor.full_name in answer.text) == (404, False)


@pytest.mark.parametrize("page", ["/doctors/", "/doctors/{}/", "/doctors/{}/times/"])
def test_pages_of_doctors_accept_only_read_requests(client, page):
    client.force_login(carer_of(PatientFactory()))
    doctor = doctor_with_hours()

    answer = client.post(page.format(doctor.reference))

    assert (answer.status_code, "POST" in answer["Allow"]) == (405, False)


@pytest.mark.feature("S02")
def test_a_photograph_is_served_where_the_page_shows_it(client):
    doctor = DoctorFactory(photo=ContentFile(b"a photograph", name="face.jpg"))

    page = client.get(f"/doctors/{doctor.reference}/").content.decode()
    photo = client.get(doctor.photo.url)

    assert f'src="{doctor.photo.url}"' in page
    assert (b"".join(photo.streaming_content), photo["Content-Type"]) == (b"a photograph", "image/jpeg")
    assert photo["Cache-Control"] == "public, max-age=86400"


@pytest.mark.feature("S02")
@pytest.mark.parametrize("name", ["nobody.jpg", "..%2Fsecret.txt", "secret.txt"])
def test_no_other_file_of_the_store_is_served(client, name):
    default_storage.save("doctors/secret.txt", ContentFile(b"secret"))

    answer = client.get(f"/media/doctors/{name}")

    assert (answer.status_code, answer.getvalue() == b"secret") == (404, False)


@pytest.mark.feature("S02")
def test_a_photograph_whose_file_is_lost_is_not_found(client):
    DoctorFactory(photo="doctors/lost.jpg")

    assert client.get("/media/doctors/lost.jpg").status_code == 404
