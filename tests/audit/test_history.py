"""The history page of a record comes from the log, for those who see the record."""

import pytest
from django.contrib import admin

from accounts.particulars import Particulars
from accounts.services import update_patient
from audit.capture.context import audit_context
from audit.capture.recorder import record_event
from audit.capture.registry import registered_models
from audit.models import Action
from audit.reading.history import HistoryMixin
from hms.core.rights import SYSTEM
from tests.costs import READ_BY_STAFF
from tests.factories import PatientFactory, carer_of, staff
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U05")]
PATIENTS = "/admin/accounts/patient/"
# session, person, permissions twice, the record, the count, the entries; and that it was read
QUERIES = 7 + READ_BY_STAFF


def history_of(client, patient):
    return client.get(f"{PATIENTS}{patient.pk}/history/")


def actions(response) -> list[str]:
    return [line.event.action for line in response.context["lines"]]


@pytest.fixture
def patient():
    patient = PatientFactory(full_name="Asha Rao", city="Mysuru")
    with audit_context(reason="She moved", source="admin"):
        update_patient(patient=patient, particulars=Particulars(city="Mandya"), by=SYSTEM)
    return patient


def test_the_desk_sees_what_was_changed_and_not_who_accessed(client, patient):
    record_event(Action.READ, obj=patient)
    client.force_login(staff("receptionist"))

    response = history_of(client, patient)

    assert actions(response) == ["update", "create"]
    assert "before: Mysuru → after: Mandya" in text(response)
    assert "She moved" in text(response)
    assert "Staff site" in text(response)
    assert "/admin/audit/" not in response.text


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_who_reads_the_log_also_sees_who_accessed_and_on_which_list(role, client, patient):
    PatientFactory()
    desk = staff("receptionist", full_name="Ravi Desk")
    client.force_login(desk)
    client.get(PATIENTS)
    client.get(f"{PATIENTS}{patient.pk}/change/")
    reader = staff("administrator", *([role] if role != "administrator" else []))
    client.force_login(reader)

    response = history_of(client, patient)

    assert actions(response) == ["read", "read", "update", "create"]
    assert f"Ravi Desk ({desk.email}) receptionist Read" in text(response)


def test_another_patients_entries_are_not_there(client, patient):
    other = PatientFactory(full_name="Tara Other")
    client.force_login(staff("administrator"))

    response = history_of(client, other)

    assert actions(response) == ["create"]
    assert "Mandya" not in response.text


def test_who_may_not_see_the_record_sees_no_history(client, patient):
    for user, status in [(staff("doctor"), 302), (staff("lab_technician"), 302), (carer_of(patient), 302)]:
        client.force_login(user)
        response = history_of(client, patient)
        assert response.status_code == status
        assert "Mandya" not in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_one_entry_and_for_three(count, client, django_assert_num_queries):
    patient = PatientFactory()
    for number in range(count - 1):
        update_patient(patient=patient, particulars=Particulars(city=f"City {number}"), by=SYSTEM)
    client.force_login(staff("receptionist"))

    with django_assert_num_queries(QUERIES):
        response = history_of(client, patient)

    assert len(response.context["lines"]) == count


def test_every_admin_of_a_logged_model_has_this_history():
    without = [
        model.__name__
        for model, model_admin in admin.site._registry.items()
        if model in registered_models() and not isinstance(model_admin, HistoryMixin)
    ]

    assert without == []
