"""The front desk's list of patients who may have been registered twice, online, by import or here."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Patient
from accounts.services import possible_duplicates
from audit.models import Action, AuditEvent
from hms.core.refusals import NotAllowed
from tests.accounts.answers import SIGN_UP
from tests.costs import READ_BY_STAFF
from tests.factories import PatientFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A09")]

PAGE = "/admin/accounts/patient/possible-duplicates/"
LONG_AGO = timedelta(days=400)


def known(**fields) -> Patient:
    return PatientFactory(registered_at=timezone.now() - LONG_AGO, **fields)


def shown(page) -> list[tuple[str, str, list[str]]]:
    return [(match.of.mrn, match.patient.mrn, match.reasons) for match in page.context["matches"]]


def test_a_sign_up_of_a_known_patient_answers_as_any_other_and_is_listed(client):
    signed_up = SIGN_UP | {"email": "rao@example.org", "phone": "98450 77777"}
    before = client.post("/accounts/signup/", signed_up)
    client.logout()
    again = client.post("/accounts/signup/", signed_up | {"email": "asha.rao@example.org"})
    client.force_login(staff("receptionist"))

    page = client.get(PAGE)

    assert (again.status_code, again.url) == (before.status_code, before.url)
    assert shown(page) == [("H000002", "H000001", ["same name", "same birth date", "same phone"])]
    assert "same name; same birth date; same phone" in page.text


def test_each_pair_is_listed_once_the_latest_registration_first(client, desk):
    asha = known(full_name="Asha Rao", date_of_birth=date(1984, 3, 27), mrn="H000001")
    known(full_name="Asha Rao", date_of_birth=date(1984, 3, 27), mrn="H000002")
    PatientFactory(full_name="Rao Asha", date_of_birth=date(1984, 3, 28), mrn="H000003")
    PatientFactory(full_name="Somebody Else", date_of_birth=asha.date_of_birth)
    PatientFactory(full_name="Farhan Khan", date_of_birth=date(1990, 1, 1), mrn="H000004")
    PatientFactory(full_name="Khan Farhan", date_of_birth=date(1991, 7, 9), mrn="H000005")

    reordered, near = "name parts in another order", "birth dates a day apart"
    unknown = "one born on 1 January, which may stand for an unknown birthday"
    assert shown(client.get(PAGE)) == [
        ("H000005", "H000004", [reordered, unknown]),
        ("H000003", "H000001", [reordered, near]),
        ("H000003", "H000002", [reordered, near]),
    ]


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, desk, people, django_assert_num_queries):
    for number in range(people):
        for _twice in range(2):
            PatientFactory(full_name="Asha Rao", date_of_birth=date(1984, 3, 1 + 5 * number))

    with django_assert_num_queries(8 + READ_BY_STAFF):
        page = client.get(PAGE)

    assert len(shown(page)) == people


def test_only_the_patients_shown_are_logged_as_read(client, desk):
    for _twice in range(2):
        PatientFactory(full_name="Asha Rao", date_of_birth=date(1984, 3, 27))
    PatientFactory(full_name="Vikram Rao", date_of_birth=date(1984, 3, 27))

    client.get(PAGE)

    event = AuditEvent.objects.filter(action=Action.READ).latest("pk")
    assert event.details["patients"] == sorted(
        Patient.objects.filter(full_name="Asha Rao").values_list("pk", flat=True)
    )


@pytest.mark.parametrize("role", ["doctor", "nurse", "billing_clerk", "auditor"])
def test_others_than_the_desk_do_not_see_the_list(client, role):
    by = staff(role)
    client.force_login(by)

    assert client.get(PAGE).status_code == 403
    with pytest.raises(NotAllowed):
        possible_duplicates(by=by)
    assert PAGE not in client.get("/admin/accounts/patient/").text


def test_the_list_of_patients_leads_to_it(client, desk):
    assert f'href="{PAGE}"' in client.get("/admin/accounts/patient/").text
    assert "Nobody among them seems to be registered twice." in client.get(PAGE).text
