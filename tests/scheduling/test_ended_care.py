"""Who stops acting for a person says what becomes of that person's coming visits."""

import pytest
import time_machine
from django.db import OperationalError

from accounts.exceptions import OwnAccess
from accounts.models import Guardianship
from accounts.services import revoke_guardianship
from scheduling.exceptions import VisitsUndecided
from scheduling.models import Appointment, SlotClaim
from scheduling.services import book_appointment, cancel_appointment, hold_slot
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours, staff
from tests.racing import losing_once

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("sunday_noon"),
    pytest.mark.feature("A07"),
]


@pytest.fixture
def care() -> Guardianship:
    """A carer with a booked and a held visit of the child, and one of another child."""
    child, other = PatientFactory(), PatientFactory()
    carer, doctor = carer_of(child, other, relation="child"), doctor_with_hours()
    book_appointment(patient=child, doctor=doctor, starts_at=at(9), by=carer)
    hold_slot(patient=child, doctor=doctor, starts_at=at(10), by=carer)
    book_appointment(patient=other, doctor=doctor, starts_at=at(11), by=carer)
    return Guardianship.objects.get(patient=child)


def statuses(care: Guardianship) -> list[str]:
    rows = Appointment.objects.filter(patient=care.patient).order_by("starts_at")
    return list(rows.values_list("status", flat=True))


def page_of(care: Guardianship) -> str:
    return f"/me/family/{care.reference}/revoke/"


def is_over(care: Guardianship) -> bool:
    return not Guardianship.objects.get(pk=care.pk).is_in_force


def test_ending_care_waits_for_the_choice(care):
    with pytest.raises(VisitsUndecided):
        revoke_guardianship(guardianship=care, visits="", by=care.user)

    assert (is_over(care), statuses(care)) == (False, ["booked", "held"])


def test_visits_are_cancelled_in_the_same_transaction_and_nobody_elses(care):
    revoke_guardianship(guardianship=care, visits="cancel", by=care.user)

    assert (is_over(care), statuses(care)) == (True, ["cancelled", "cancelled"])
    assert set(SlotClaim.objects.values_list("appointment__patient_id", flat=True)) == {
        Appointment.objects.get(starts_at=at(11)).patient_id
    }


def test_visits_are_kept_for_those_who_care_on(care):
    revoke_guardianship(guardianship=care, visits="keep", by=care.user)

    assert (is_over(care), statuses(care)) == (True, ["booked", "held"])


def test_the_desk_ends_care_without_touching_visits(care):
    revoke_guardianship(guardianship=care, by=staff("receptionist"))

    assert (is_over(care), statuses(care)) == (True, ["booked", "held"])


def test_a_visit_that_begins_too_soon_to_cancel_stays(care):
    with time_machine.travel(at(8, 50), tick=False):
        revoke_guardianship(guardianship=care, visits="cancel", by=care.user)

    assert (is_over(care), statuses(care)) == (True, ["booked", "held"])


def test_who_may_not_book_is_not_asked_and_cancels_nothing(care):
    Guardianship.objects.filter(pk=care.pk).update(may_book=False)

    revoke_guardianship(guardianship=care, visits="", by=care.user)

    assert (is_over(care), statuses(care)) == (True, ["booked", "held"])


def test_what_is_refused_cancels_nothing(care):
    Guardianship.objects.filter(pk=care.pk).update(relation="self", is_own=True)

    with pytest.raises(OwnAccess):
        revoke_guardianship(guardianship=care, visits="cancel", by=care.user)

    assert statuses(care) == ["booked", "held"]


def test_a_transaction_that_is_lost_cancels_nothing(care):
    with losing_once("UPDATE", "accounts_guardianship"), pytest.raises(OperationalError):
        revoke_guardianship(guardianship=care, visits="cancel", by=care.user)

    assert (is_over(care), statuses(care)) == (False, ["booked", "held"])


def test_the_page_lists_the_visits_and_takes_the_choice(client, care):
    client.force_login(care.user)

    shown = client.get(page_of(care))
    refused = client.post(page_of(care))
    before = statuses(care)
    done = client.post(page_of(care), {"visits": "cancel"})

    assert shown.text.count('type="radio" name="visits"') == 2
    assert shown.text.count("<li>Monday") == 2
    assert (refused.status_code, "Choose what becomes of the coming visits." in refused.text) == (409, True)
    assert (before, done.status_code, statuses(care)) == (["booked", "held"], 302, ["cancelled"] * 2)


def test_without_coming_visits_nothing_is_asked(client, care):
    for visit in Appointment.objects.filter(patient=care.patient):
        cancel_appointment(appointment=visit, by=care.user)
    client.force_login(care.user)

    shown = client.get(page_of(care))
    done = client.post(page_of(care))

    assert 'name="visits"' not in shown.text
    assert (done.status_code, is_over(care)) == (302, True)
