"""The patient's dashboard."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from hms.core.rights import SYSTEM
from scheduling.services import book_appointment, hold_slot
from tests.costs import READ
from tests.factories import (
    GuardianshipFactory,
    PatientFactory,
    UserFactory,
    at,
    carer_of,
    staff,
)
from tests.scheduling.pages import heading, links, text, title

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S11"),
    pytest.mark.usefixtures("sunday_noon"),
]
DASHBOARD_QUERIES = 11 + READ


def test_the_next_appointment_is_first_and_the_others_follow(client, doctor, patient, carer):
    later = book_appointment(patient=patient, doctor=doctor, starts_at=at(9, days=3), by=SYSTEM)
    first = book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)

    response = client.get("/me/")

    assert title(response) == "My account"
    assert heading(response) == f"Welcome, {carer.get_short_name()}"
    assert (response.context["next"], response.context["later"]) == (first, [later])
    assert f"/book/{first.reference}/done/" in links(response)
    assert "Your next appointment Monday 23 November, 9:00 AM Dr Asha Rao" in text(response)


def test_a_hold_can_be_finished_and_says_how_long_it_is_kept(client, doctor, patient, carer):
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=carer)

    with time_machine.travel(timezone.now() + timedelta(minutes=4), tick=False):
        response = client.get("/me/")

    assert "We keep the time for you for another 6\xa0minutes.".replace("\xa0", " ") in text(response)
    assert f"/book/{held.reference}/check/" in links(response)
    assert response.context["next"] is None


def test_an_expired_hold_is_not_shown(client, doctor, patient, carer):
    hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=carer)

    with time_machine.travel(timezone.now() + timedelta(minutes=10), tick=False):
        response = client.get("/me/")

    assert response.context["holds"] == []
    assert "No upcoming appointments" in text(response)


def test_bills_that_wait_for_payment_are_shown_to_those_who_may_pay(client, doctor, patient, carer):
    book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)
    client.force_login(carer)
    payer = client.get("/me/")
    client.force_login(carer_of(patient, may_pay=False))

    other = client.get("/me/")

    assert [bill.patient for bill in payer.context["bills"]] == [patient]
    assert "To pay Sunita Deshpande 23 Nov, Dr Asha Rao" in text(payer)
    assert other.context["bills"] == []


def test_people_looked_after_are_shown_oneself_first(client, carer):
    GuardianshipFactory(user=carer, relation="parent", patient__full_name="Aarav Deshpande")
    PatientFactory(full_name="Stranger")

    response = client.get("/me/")

    names = [guardianship.patient.full_name for guardianship in response.context["people"]]
    assert names == ["Sunita Deshpande", "Aarav Deshpande"]
    assert "Stranger" not in text(response)


def test_the_desk_sees_its_own_people_here_and_nobody_elses(client, doctor, patient):
    book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)
    carer_of(patient)
    client.force_login(staff("receptionist", "billing_clerk"))

    response = client.get("/me/")

    assert response.context["next"] is None
    assert response.context["bills"] == []
    assert "Sunita" not in text(response)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three_visits(
    client, django_assert_num_queries, doctor, patient, carer, count
):
    for day in range(count):
        book_appointment(patient=patient, doctor=doctor, starts_at=at(9, days=day + 1), by=SYSTEM)

    with django_assert_num_queries(DASHBOARD_QUERIES):
        response = client.get("/me/")

    assert len(response.context["later"]) == count - 1


def test_somebody_new_is_told_what_to_do(client):
    client.force_login(UserFactory())

    response = client.get("/me/")

    assert "No upcoming appointments" in text(response)
    assert "/doctors/" in links(response)


@pytest.mark.parametrize("page", ["/me/", "/me/records/"])
def test_the_pages_require_a_login(client, page):
    response = client.get(page)

    assert response["Location"] == f"/accounts/login/?next={page}"
