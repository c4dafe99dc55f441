"""The desk sees beside the patient that messages do not arrive, until one does."""

import pytest
from django.utils import timezone

from accounts.models import Patient
from hms.notifications.models import Notification
from scheduling.services import book_appointment
from tests.factories import PatientFactory, at, doctor_with_hours, staff
from tests.notifications.rows import queued

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N03")]


@pytest.fixture
def row():
    row = queued(status="given_up", to="wrong@example.org")
    Patient.objects.filter(pk=row.patient_id).update(email="wrong@example.org")
    return row


def page_of(patient_id: int) -> str:
    return f"/admin/accounts/patient/{patient_id}/change/"


SAID = "E-mail of"


def test_the_patients_page_shows_what_did_not_arrive_until_something_does(client, desk, row):
    was = client.get(page_of(row.patient_id)).content.decode()
    Notification.objects.create(
        kind="booked", recipient=row.recipient, status="sent", sent_at=timezone.now(), idempotency_key="x"
    )

    assert (SAID in was, "(wrong@example.org)" in was) == (True, True)
    assert SAID not in client.get(page_of(row.patient_id)).content.decode()


def test_the_address_of_a_carers_login_is_not_shown(client, desk, row):
    Patient.objects.filter(pk=row.patient_id).update(email="")

    page = client.get(page_of(row.patient_id)).content.decode()

    assert ("wrong@example.org" in page, "at the address of a login" in page) == (False, True)


def test_old_and_other_patients_failures_are_not_shown(client, desk, row):
    other = PatientFactory()
    assert SAID not in client.get(page_of(other.pk)).content.decode()

    Notification.objects.update(created_at=at(9, days=-61))
    assert SAID not in client.get(page_of(row.patient_id)).content.decode()


def test_the_check_in_page_and_the_visit_show_it_in_as_many_queries_for_three(
    client, desk, wednesday_morning, django_assert_max_num_queries
):
    doctor, counts = doctor_with_hours(ends_at=at(17).time()), []
    for hours in ([10], [11, 12, 13]):
        for hour in hours:
            patient = PatientFactory(full_name=f"Patient {hour}", email=f"p{hour}@example.org")
            visit = book_appointment(
                patient=patient, doctor=doctor, starts_at=at(hour, days=0), by=staff("receptionist")
            )
            Notification.objects.create(
                kind="booked", recipient=patient.email, patient=patient, status="given_up",
                idempotency_key=f"k{hour}",
            )  # fmt: skip
        with django_assert_max_num_queries(60) as queries:
            page = client.get("/admin/scheduling/appointment/desk/").content.decode()
        counts.append(len(queries))

    assert page.count("did not arrive") == 4
    assert counts[0] == counts[1]
    assert SAID in client.get(f"/admin/scheduling/appointment/{visit.pk}/change/").content.decode()
