"""My appointments: upcoming, past and cancelled."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from hms.core.rights import SYSTEM
from scheduling.services import (
    book_appointment,
    cancel_appointment,
    hold_slot,
    mark_no_show,
)
from tests.costs import READ
from tests.factories import (
    GuardianshipFactory,
    UserFactory,
    at,
    staff,
)
from tests.scheduling.pages import links, text, title

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S11"),
    pytest.mark.usefixtures("sunday_noon"),
]
LIST_QUERIES = 5 + READ


def shown(response) -> list[str]:
    return [visit.reference for visit in response.context["page"].object_list]


def test_the_list_is_divided_into_upcoming_past_and_cancelled(client, doctor, patient, carer, booked):
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(10), by=carer)
    missed = book_appointment(patient=patient, doctor=doctor, starts_at=at(9, days=2), by=SYSTEM)
    dropped = book_appointment(patient=patient, doctor=doctor, starts_at=at(9, days=3), by=SYSTEM)
    cancel_appointment(appointment=dropped, by=carer)
    with time_machine.travel(at(12, days=2), tick=False):
        mark_no_show(appointment=missed, by=SYSTEM)

    tabs = {tab: client.get(f"/me/appointments/?show={tab}") for tab in ("upcoming", "past", "cancelled")}

    assert {tab: shown(response) for tab, response in tabs.items()} == {
        "upcoming": [booked.reference, held.reference],
        "past": [missed.reference],
        "cancelled": [dropped.reference],
    }
    assert [title(response) for response in tabs.values()] == [
        "My appointments: Upcoming",
        "My appointments: Past",
        "My appointments: Cancelled",
    ]
    assert f"/book/{held.reference}/check/" in links(tabs["upcoming"])


def test_abandoned_holds_are_not_listed(client, doctor, patient, carer):
    given_up = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=carer)
    cancel_appointment(appointment=given_up, by=carer)
    hold_slot(patient=patient, doctor=doctor, starts_at=at(10), by=carer)

    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        found = [
            shown(client.get(f"/me/appointments/?show={tab}")) for tab in ("upcoming", "past", "cancelled")
        ]

    assert found == [[], [], []]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three_visits(
    client, django_assert_num_queries, doctor, patient, carer, count
):
    for day in range(count):
        book_appointment(patient=patient, doctor=doctor, starts_at=at(9, days=day + 1), by=SYSTEM)

    with django_assert_num_queries(LIST_QUERIES):
        response = client.get("/me/appointments/")

    assert len(shown(response)) == count


def test_the_list_can_be_limited_to_one_person(client, doctor, patient, carer, booked):
    child = GuardianshipFactory(user=carer, relation="parent").patient
    other = book_appointment(patient=child, doctor=doctor, starts_at=at(10), by=SYSTEM)

    everybody = client.get("/me/appointments/")
    one = client.get(f"/me/appointments/?person={child.reference}")

    assert shown(everybody) == [booked.reference, other.reference]
    assert shown(one) == [other.reference]


@pytest.mark.parametrize("query", ["show=all", "person=", "page=x", "page=99"])
def test_invalid_parameters_show_upcoming_appointments(client, booked, query):
    response = client.get(f"/me/appointments/?{query}")

    assert (response.status_code, shown(response)) == (200, [booked.reference])


def test_a_doctors_own_list_does_not_include_the_doctors_patients(client, doctor, booked):
    doctor.user = staff("doctor")
    doctor.save()
    client.force_login(doctor.user)

    response = client.get("/me/appointments/")

    assert shown(response) == []
    assert "No upcoming appointments" in text(response)


def test_somebody_without_patients_has_an_empty_list(client):
    client.force_login(UserFactory())

    response = client.get("/me/appointments/")

    assert "No upcoming appointments" in text(response)
