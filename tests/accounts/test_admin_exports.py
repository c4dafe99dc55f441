"""An export contains only rows that the user may see."""

import pytest
from django.contrib.auth.models import Permission

from tests.factories import NurseFactory, PatientFactory, staff
from tests.scheduling.admin_day import doctor_with_login, visit

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06")]
EXPORT = "/admin/accounts/patient/export/"
LIST = "/admin/accounts/patient/"


def may_export(user):
    user.user_permissions.add(Permission.objects.get(codename="export_patient"))
    return user


def table(response) -> str:
    return response.content.decode()


@pytest.fixture
def own():
    """An appointment with a doctor who may export; other doctors also have patients."""
    visit(doctor_with_login(), 9, days=1, patient=PatientFactory(full_name="Somebody Else"))
    PatientFactory(full_name="Never Seen")
    patient = PatientFactory(full_name="Asha Rao")
    return visit(doctor_with_login(), 10, days=1, patient=patient)


@pytest.mark.parametrize("role", ["doctor", "nurse"])
def test_an_export_contains_only_the_users_patients(client, own, role):
    user = own.doctor.user if role == "doctor" else staff("nurse")
    if role == "nurse":
        NurseFactory(user=user).doctors.add(own.doctor)
    client.force_login(may_export(user))

    rows = table(client.post(EXPORT, {"format": "0"})).splitlines()

    assert [line for line in rows[1:] if "Asha Rao" not in line] == []
    assert len(rows) == 2


@pytest.mark.parametrize("query", ["?q=somebody", "?gender__exact=female", "?all="])
def test_a_filter_in_the_address_does_not_widen_the_export(client, own, query):
    client.force_login(may_export(own.doctor.user))

    answer = client.post(f"{EXPORT}{query}", {"format": "0"})

    assert "Somebody Else" not in table(answer)
    assert "Never Seen" not in table(answer)


@pytest.mark.filterwarnings("ignore:The 'get_valid_export_item_pks")
def test_rows_of_others_selected_in_the_form_are_not_exported(client, own):
    client.force_login(may_export(own.doctor.user))
    others = list(type(own.patient).objects.exclude(pk=own.patient_id).values_list("pk", flat=True))

    chosen = {"action": "export_admin_action", "_selected_action": others, "format": "0"}
    by_action = client.post(LIST, chosen)
    by_form = client.post(EXPORT, {"format": "0", "export_items": others})

    assert "Somebody Else" not in table(by_action) + table(by_form)
    assert "Never Seen" not in table(by_action) + table(by_form)


def test_appointments_are_not_exported_at_all(client):
    client.force_login(staff("administrator"))

    answer = client.get("/admin/scheduling/appointment/export/", follow=True)

    as_one_appointment = "/admin/scheduling/appointment/export/change/"
    assert answer.redirect_chain == [(as_one_appointment, 302), ("/admin/", 302)]
    assert answer.redirect_chain[-1] == ("/admin/", 302)
