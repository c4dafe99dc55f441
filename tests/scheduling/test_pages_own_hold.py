"""Another doctor chosen for a time that one's own unfinished booking still keeps."""

import pytest

from hms.core.rights import SYSTEM
from scheduling.models import Appointment
from scheduling.services import book_appointment, hold_slot
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours
from tests.scheduling.pages import book_page, booking_request, error_summary, links, text

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S08"),
    pytest.mark.usefixtures("sunday_noon"),
]
SAID = (
    "You have not finished another booking for this patient: Dr Asha Rao, Tomorrow, 9:00 AM. Finish it, or "
    "give it up and keep this time instead."
)


@pytest.fixture
def first(carer, patient):
    asha = doctor_with_hours(full_name="Dr Asha Rao")
    return hold_slot(patient=patient, doctor=asha, starts_at=at(9), by=carer)


@pytest.mark.parametrize("page", ["/book/{}/?at=20261123T0800Z", "/book/{}/now/?at=20261123T0800Z"])
def test_the_page_says_whose_hold_it_is_and_offers_to_finish_it(client, carer, doctor, patient, first, page):
    response = client.post(page.format(doctor.reference), booking_request(patient) | {"total": "559.00"})

    assert (response.status_code, error_summary(response)) == (409, [SAID])
    assert links(response, f"/book/{first.reference}/") == [f"/book/{first.reference}/check/"]
    assert "Give that up and keep this time" in text(response)
    assert "Keep this time and continue" not in text(response)


def test_giving_it_up_keeps_the_other_time_in_one_step(client, carer, doctor, patient, first):
    answers = booking_request(patient) | {"instead": first.reference}

    sent = [client.post(book_page(doctor), answers)["Location"] for _press in range(2)]

    first.refresh_from_db()
    second = Appointment.objects.get(doctor=doctor)
    assert sent == [f"/book/{second.reference}/check/"] * 2
    assert (first.status, second.status) == ("cancelled", "held")


def test_it_is_not_given_up_for_a_time_that_is_gone(client, carer, doctor, patient, first):
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)

    client.post(book_page(doctor), booking_request(patient) | {"instead": first.reference})

    first.refresh_from_db()
    assert first.status == "held"


def test_the_hold_of_another_carer_is_neither_named_nor_given_up(client, carer, doctor, patient):
    asha = doctor_with_hours(full_name="Dr Asha Rao")
    theirs = hold_slot(patient=patient, doctor=asha, starts_at=at(9), by=carer_of(patient))

    response = client.post(book_page(doctor), booking_request(patient) | {"instead": theirs.reference})

    theirs.refresh_from_db()
    assert theirs.status == "held"
    assert error_summary(response) == ["The patient already has an appointment at this time."]
