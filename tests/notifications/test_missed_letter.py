"""After a no-show: told kindly, once, with the way to another time."""

from datetime import timedelta

import pytest
import time_machine

from hms.core.rights import SYSTEM
from hms.notifications.models import Notification
from scheduling.services import check_in, confirm_booking, hold_slot, mark_no_show
from tests.factories import PatientFactory, at, carer_of
from tests.scheduling.admin_day import visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("S26")]


def missed(row, after: timedelta = timedelta(hours=1)):
    with time_machine.travel(row.starts_at + after):
        return mark_no_show(appointment=row, by=SYSTEM)


def told() -> list[tuple[str, str]]:
    return list(Notification.objects.filter(kind="missed").values_list("recipient", "subject"))


def test_the_login_that_booked_is_told_with_the_page_to_book_again_and_no_word_about_the_visit(
    settings, doctor
):
    settings.SITE_ADDRESS = "https://hospital.example/"
    patient = PatientFactory(full_name="Sunita Deshpande", email="sunita@elsewhere.example")
    own = carer_of(patient)
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), symptoms="Cough", by=own)

    row = missed(confirm_booking(appointment=held, by=own))

    assert told() == [(own.email, "We missed you")]
    body = Notification.objects.get(kind="missed").body
    assert f"https://hospital.example/me/appointments/{row.reference}/missed/" in body
    assert "Monday 23 November at 9:00 AM" in body
    for hidden in ("Cough", "Dr Asha", "Cardiology", "Sunita"):
        assert hidden not in body


def test_a_patient_without_login_is_told_unless_e_mail_is_declined_or_there_is_no_address(doctor):
    people = [
        PatientFactory(email="one@elsewhere.example"),
        PatientFactory(email="two@elsewhere.example", wants_email=False),
        PatientFactory(),
    ]

    for hour, patient in enumerate(people, 9):
        missed(visit(doctor, hour, days=1, patient=patient))

    assert [recipient for recipient, _subject in told()] == ["one@elsewhere.example"]


def test_it_is_told_once_and_not_of_what_is_entered_late(doctor):
    patient = PatientFactory(email="one@elsewhere.example")
    row, late = (visit(doctor, hour, days=1, patient=patient) for hour in (9, 10))

    missed(row)
    with time_machine.travel(row.starts_at + timedelta(hours=2)):
        check_in(appointment=row, by=SYSTEM)
        mark_no_show(appointment=row, by=SYSTEM)
    missed(late, timedelta(days=4))

    assert len(told()) == 1
