"""Two people open one record: the second save takes nothing back, and the log names the right person."""

import pytest

from accounts.models import Patient
from audit.models import Action, AuditEvent
from tests.factories import PatientFactory, staff
from tests.opened import boxes_of, opened

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A11")]


@pytest.fixture
def desks(client_of):
    """Two desks, each logged in at a computer of its own."""
    ravi, meena = (staff("receptionist", full_name=name) for name in ("Ravi Desk", "Meena Desk"))
    return client_of(ravi), client_of(meena)


def change_page(patient: Patient) -> str:
    return f"/admin/accounts/patient/{patient.pk}/change/"


def last_change(patient: Patient) -> tuple[str, dict]:
    event = AuditEvent.objects.filter(
        action=Action.UPDATE, model="accounts.patient", object_pk=str(patient.pk)
    ).latest("recorded_at", "pk")
    return event.actor.full_name, event.changes


def test_the_second_desk_does_not_put_the_first_ones_telephone_back(desks):
    ravi, meena = desks
    patient = PatientFactory(phone="+919845000001", city="Mysuru")
    page = change_page(patient)
    first, second = opened(ravi, page), opened(meena, page)

    ravi.post(page, first | {"phone": "98450 00002"})
    answer = meena.post(page, second | {"city": "Bengaluru"})

    patient.refresh_from_db()
    assert answer.status_code == 409
    assert (str(patient.phone), patient.city) == ("+919845000002", "Mysuru")
    assert "Ravi Desk changed this" in answer.content.decode()


def test_saving_again_after_the_conflict_changes_only_what_was_typed(desks):
    ravi, meena = desks
    patient = PatientFactory(phone="+919845000001", city="Mysuru")
    page = change_page(patient)
    first, second = opened(ravi, page), opened(meena, page)
    ravi.post(page, first | {"phone": "98450 00002"})
    conflict = meena.post(page, second | {"city": "Bengaluru"})

    answer = meena.post(page, boxes_of(conflict))

    patient.refresh_from_db()
    assert (answer.status_code, str(patient.phone), patient.city) == (302, "+919845000002", "Bengaluru")
    assert last_change(patient) == ("Meena Desk", {"city": ["Mysuru", "Bengaluru"]})
