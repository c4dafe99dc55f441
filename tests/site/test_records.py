import pytest
import time_machine

from hms.core.rights import SYSTEM
from scheduling.services import book_appointment, cancel_appointment, mark_no_show
from tests.costs import READ
from tests.factories import GuardianshipFactory, at, doctor_with_hours
from tests.scheduling.pages import links, text, title

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S11"),
    pytest.mark.usefixtures("sunday_noon"),
]
RECORDS_QUERIES = 6 + READ


def missed(patient, day: int):
    """A past visit with the outcome no-show."""
    visit = book_appointment(
        patient=patient, doctor=doctor_with_hours(), starts_at=at(9, days=day), by=SYSTEM
    )
    with time_machine.travel(at(12, days=day), tick=False):
        return mark_no_show(appointment=visit, by=SYSTEM)


def shown(response) -> list:
    return list(response.context["page"].object_list)


def test_past_visits_are_listed_with_their_outcome_latest_first(client, patient, carer):
    first, second = missed(patient, 1), missed(patient, 2)
    cancelled = book_appointment(
        patient=patient, doctor=doctor_with_hours(), starts_at=at(9, days=3), by=SYSTEM
    )
    cancel_appointment(appointment=cancelled, by=SYSTEM)

    response = client.get("/me/records/")

    assert title(response) == "My records"
    assert shown(response) == [second, first]
    assert "24 Nov 2026 , 9:00 AM Sunita Deshpande" in text(response)
    assert "No-show" in text(response)
    assert f"/me/appointments/{first.reference}/" in links(response)


def test_records_of_people_whose_records_one_may_not_see_are_left_out(client, carer):
    child = GuardianshipFactory(user=carer, relation="parent", may_see_records=False).patient
    missed(child, 1)

    response = client.get("/me/records/")

    assert shown(response) == []
    assert "No past visits yet" in text(response)
    assert client.get(f"/me/records/?person={child.reference}").status_code == 404


def test_records_can_be_filtered_by_person(client, patient, carer):
    child = GuardianshipFactory(user=carer, relation="parent").patient
    missed(patient, 1)
    visit = missed(child, 2)

    response = client.get(f"/me/records/?person={child.reference}")

    assert shown(response) == [visit]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three_visits(
    client, django_assert_num_queries, patient, carer, count
):
    for day in range(count):
        missed(patient, day + 1)

    with django_assert_num_queries(RECORDS_QUERIES):
        response = client.get("/me/records/")

    assert len(shown(response)) == count
