"""Patients move a visit to another doctor in one step."""

import pytest

from hms.core.rights import SYSTEM
from scheduling.exceptions import TooManyOfOneDay
from scheduling.models import Appointment
from scheduling.services import book_appointment, hold_slot, reschedule_appointment
from tests.factories import DepartmentFactory, PatientFactory, at, carer_of, doctor_with_hours
from tests.opened import boxes_of
from tests.scheduling.pages import text

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S11"),
    pytest.mark.usefixtures("sunday_noon"),
]
ELEVEN = "20261123T1000Z"


@pytest.fixture
def page(booked):
    return f"/me/appointments/{booked.reference}/reschedule/"


def test_a_visit_moves_to_another_doctor_and_keeps_its_reference(client, booked, page):
    other = doctor_with_hours(full_name="Dr Asha Rao")
    chosen = {"doctor": other.reference, "at": ELEVEN}

    times = client.get(page, {"doctor": other.reference})
    asked = client.get(page, chosen)
    done = client.post(page, boxes_of(asked), follow=True)
    again = client.post(page, boxes_of(asked), follow=True)

    moved = Appointment.objects.get()
    assert f"{page}?doctor={other.reference}&amp;at={ELEVEN}" in times.content.decode()
    assert "Dr Asha Rao, Cardiology, for" in text(asked)
    assert (moved.doctor, moved.starts_at, moved.reference) == (other, at(11), booked.reference)
    assert set(moved.claims.values_list("doctor", flat=True)) == {other.pk}
    assert [len(response.redirect_chain) for response in (done, again)] == [1, 1]
    assert (moved.sequence, text(done).count("Dr Asha Rao") > 0) == (1, True)


def test_the_list_names_everybody_who_can_be_booked_the_own_department_first(client, booked, page):
    far = doctor_with_hours(full_name="Dr A", department=DepartmentFactory(name="A first letter"))
    near = doctor_with_hours(full_name="Dr Z", department=booked.doctor.department)
    doctor_with_hours(full_name="Dr Gone", is_active=False)

    departments = client.get(page).context["departments"]

    own = sorted([booked.doctor, near], key=lambda doctor: doctor.full_name)
    assert [(name, [doctor.pk for doctor in doctors]) for name, doctors in departments] == [
        (booked.doctor.department.name, [doctor.pk for doctor in own]),
        ("A first letter", [far.pk]),
    ]


@pytest.mark.parametrize("doctors", [1, 3])
def test_the_page_takes_the_same_queries_for_any_number_of_doctors(
    client, booked, page, doctors, django_assert_num_queries
):
    for _n in range(doctors):
        doctor_with_hours()
    client.get(page)

    with django_assert_num_queries(12):
        client.get(page)


@pytest.mark.parametrize("asked", ["NOBODY2345", "inactive"])
def test_a_doctor_who_cannot_be_booked_leaves_the_visit_where_it_is(client, booked, page, asked):
    inactive = doctor_with_hours(is_active=False)
    asked = inactive.reference if asked == "inactive" else asked
    form = boxes_of(client.get(page, {"at": ELEVEN})) | {"doctor": asked}

    response = client.post(page, form)

    booked.refresh_from_db()
    assert response.status_code == 409
    assert "This doctor cannot be booked." in text(response)
    assert booked.starts_at == at(9)


def test_a_time_taken_meanwhile_leaves_the_visit_where_it_is(client, booked, page):
    other = doctor_with_hours()
    form = boxes_of(client.get(page, {"doctor": other.reference, "at": ELEVEN}))
    book_appointment(patient=PatientFactory(), doctor=other, starts_at=at(11), by=SYSTEM)

    response = client.post(page, form)

    booked.refresh_from_db()
    assert response.status_code == 409
    assert "This time has just been taken." in text(response)
    assert response.context["target"].doctor == other
    assert (booked.doctor != other, booked.starts_at) == (True, at(9))


def test_a_doctor_with_long_first_visits_is_asked_about_and_takes_the_time(client, booked, page):
    other = doctor_with_hours(first_visit_slots=2)
    follow_up = {"doctor": other.reference, "kind": "follow_up", "at": ELEVEN}

    times = client.get(page, {"doctor": other.reference})
    client.post(page, boxes_of(client.get(page, follow_up)))

    booked.refresh_from_db()
    assert [kind["is_chosen"] for kind in times.context["kinds"]] == [True, False]
    assert (booked.visit_kind, booked.minutes) == ("follow_up", 30)


def test_moving_does_not_pass_the_limit_of_a_login_for_one_doctor_and_day(settings):
    settings.BOOKING = settings.BOOKING | {"per_login_doctor_and_day": 2}
    doctor, other, patients = doctor_with_hours(), doctor_with_hours(), [PatientFactory() for _n in range(3)]
    carer = carer_of(*patients)
    for patient, hour in zip(patients[:2], (9, 10), strict=True):
        hold_slot(patient=patient, doctor=doctor, starts_at=at(hour), by=carer)
    third = book_appointment(patient=patients[2], doctor=other, starts_at=at(9), by=carer)

    with pytest.raises(TooManyOfOneDay):
        reschedule_appointment(appointment=third, starts_at=at(11), doctor=doctor, by=carer)
    reschedule_appointment(appointment=third, starts_at=at(11), doctor=doctor, by=SYSTEM)
    within = reschedule_appointment(appointment=third, starts_at=at(11), doctor=other, by=carer)

    third.refresh_from_db()
    assert (third.doctor, within.starts_at) == (other, at(11))
