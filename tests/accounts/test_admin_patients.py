from datetime import date

import pytest

from accounts.models import Guardianship, Patient
from tests.accounts.rows import carer, own_patient
from tests.costs import READ_BY_STAFF
from tests.factories import PatientFactory, UserFactory, staff
from tests.opened import send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06")]

LIST = "/admin/accounts/patient/"
ADD = f"{LIST}add/"
WALK_IN = {
    "full_name": "Asha Rao",
    "date_of_birth_day": "27",
    "date_of_birth_month": "3",
    "date_of_birth_year": "1984",
    "gender": "female",
    "blood_group": "",
    "phone": "98450 12345",
    "email": "",
    "street": "",
    "city": "Bengaluru",
    "county": "",
    "state": "",
    "country": "India",
    "postcode": "560 025",
    "abha_number": "",
    "preferred_language": "",
    "emergency_contact_name": "",
    "emergency_contact_phone": "",
    "guardianships-TOTAL_FORMS": "0",
    "guardianships-INITIAL_FORMS": "0",
}


def change_page(patient: Patient) -> str:
    return f"{LIST}{patient.pk}/change/"


def test_the_desk_registers_a_walk_in(client, desk):
    answer = client.post(ADD, WALK_IN)

    assert (answer.status_code, answer.url) == (302, change_page(Patient.objects.get()))
    patient = Patient.objects.get()
    assert (patient.mrn, str(patient.phone), patient.postcode) == ("H000001", "+919845012345", "560025")
    assert patient.date_of_birth == date(1984, 3, 27)


@pytest.mark.feature("A09")
def test_possible_duplicates_are_shown_before_a_patient_is_registered(client, desk):
    known = PatientFactory(full_name="ASHA RAO", date_of_birth=date(1984, 3, 27), mrn="H000099")
    assert 'type="hidden" name="is_another"' in client.get(ADD).content.decode()

    warned = client.post(ADD, WALK_IN).content.decode()
    assert "Possible duplicate:" in warned
    assert f'href="{change_page(known)}">ASHA RAO (H000099)</a>' in warned
    assert "same name; same birth date" in warned
    assert 'type="checkbox" name="is_another"' in warned
    assert Patient.objects.count() == 1

    client.post(ADD, WALK_IN | {"is_another": "on"})
    assert sorted(Patient.objects.values_list("mrn", flat=True)) == ["H000001", "H000099"]


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("phone", {"phone": "12"}, None),
        ("date_of_birth", {"date_of_birth_day": "31"}, None),
        (
            "date_of_birth",
            {"date_of_birth_month": "2", "date_of_birth_day": "30"},
            "30 2 1984 is not a real date.",
        ),
        ("postcode", {"postcode": "12"}, "Enter a PIN code of 6 digits, for example 560025."),
        ("abha_number", {"abha_number": "12"}, "Enter the 14 digits of the ABHA number."),
    ],
)
def test_a_wrong_entry_is_shown_at_its_field_and_writes_nothing(client, desk, field, typed, message):
    if typed == {"date_of_birth_day": "31"}:
        typed, message = {"date_of_birth_year": "2999"}, "The date of birth must be in the past."
    if field == "phone":
        message = (
            "Enter a valid phone number (e.g. 074104 10123) or a number with an international call prefix."
        )

    page = client.post(ADD, WALK_IN | typed)

    assert page.context["adminform"].form.errors == {field: [message]}
    assert not Patient.objects.exists()


def test_a_change_goes_through_the_service_and_keeps_changes_of_others(client, desk):
    patient = PatientFactory(full_name="Asha Rao", city="Bengaluru", postcode="560025")

    send(client, change_page(patient), WALK_IN | {"full_name": " Asha  Menon "})

    patient.refresh_from_db()
    assert (patient.full_name, patient.name_key) == ("Asha Menon", "asha menon")


def test_the_desk_grants_and_revokes_a_guardianship(client, desk):
    patient, son = PatientFactory(), UserFactory()
    row = {
        "guardianships-TOTAL_FORMS": "1",
        "guardianships-0-patient": patient.pk,
        "guardianships-0-user": son.pk,
        "guardianships-0-relation": "child",
        "guardianships-0-may_book": "on",
        "guardianships-0-consent_statement": "Signed form",
    }
    send(client, change_page(patient), WALK_IN | row)
    guardianship = Guardianship.objects.get()
    assert (guardianship.user, guardianship.scopes, guardianship.consented_by) == (son, ["may_book"], desk)

    revoke = row | {
        "guardianships-INITIAL_FORMS": "1",
        "guardianships-0-id": guardianship.pk,
        "guardianships-0-DELETE": "on",
    }
    send(client, change_page(patient), WALK_IN | revoke)
    guardianship.refresh_from_db()
    assert guardianship.revoked_at is not None

    send(client, change_page(patient), WALK_IN | row)
    guardianship.refresh_from_db()
    assert guardianship.is_in_force


def test_a_refused_guardianship_is_shown_at_its_row(client, desk):
    patient, son = PatientFactory(date_of_birth=date(1950, 1, 1)), UserFactory()
    row = {
        "guardianships-TOTAL_FORMS": "1",
        "guardianships-0-patient": patient.pk,
        "guardianships-0-user": son.pk,
        "guardianships-0-relation": "parent",
        "guardianships-0-may_book": "on",
        "guardianships-0-consent_statement": "Signed form",
    }

    page = send(client, change_page(patient), WALK_IN | {"date_of_birth_year": "1950"} | row)

    assert "This person is 18 or older." in page.content.decode()
    assert not Guardianship.objects.exists()


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, desk, people, django_assert_num_queries):
    PatientFactory.create_batch(people)

    with django_assert_num_queries(7 + READ_BY_STAFF):
        page = client.get(LIST)

    assert page.context["cl"].result_count == people


@pytest.mark.parametrize("people", [1, 3])
def test_a_patient_with_carers_costs_the_same_for_one_and_for_three(
    client, desk, people, django_assert_num_queries
):
    patient = PatientFactory()
    for _person in range(people):
        carer(UserFactory(), patient)

    with django_assert_num_queries(11 + READ_BY_STAFF):
        page = client.get(change_page(patient))

    [inline] = page.context["inline_admin_formsets"]
    assert len(list(inline.formset.queryset)) == people


@pytest.mark.parametrize("typed", ["h000007", "98450 12345", "asha@example.org", "asha r", "rao"])
def test_the_search_box_finds_by_number_phone_email_and_name(client, desk, typed):
    asha = PatientFactory(
        full_name="Asha Rao", mrn="H000007", phone="+919845012345", email="asha@example.org"
    )
    PatientFactory(full_name="Meena Iyer")

    page = client.get(LIST, {"q": typed})

    assert list(page.context["cl"].result_list) == [asha]


@pytest.mark.parametrize("role", ["doctor", "nurse"])
def test_a_doctor_cannot_reach_patients_of_others_by_any_page(client, role):
    patient = own_patient(UserFactory(), full_name="Somebody Else")
    client.force_login(staff(role))
    autocomplete = {
        "term": "Somebody",
        "app_label": "scheduling",
        "model_name": "appointment",
        "field_name": "patient",
    }

    assert list(client.get(LIST).context["cl"].result_list) == []
    assert list(client.get(LIST, {"q": "somebody"}).context["cl"].result_list) == []
    for page in ("change", "history"):
        assert client.get(f"{LIST}{patient.pk}/{page}/").status_code == 302
    found = client.get("/admin/autocomplete/", autocomplete)
    assert b"Somebody" not in found.content
    assert client.get(f"{LIST}export/").status_code == 403


@pytest.mark.parametrize("role", ["receptionist", "administrator"])
def test_nobody_deletes_a_patient(client, role):
    client.force_login(staff(role))
    patient = PatientFactory()

    assert client.get(f"{LIST}{patient.pk}/delete/").status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [patient.pk], "post": "yes"})

    assert Patient.objects.count() == 1


def test_a_role_with_view_permission_cannot_change_a_patient(client):
    client.force_login(staff("billing_clerk"))
    patient = PatientFactory(full_name="Asha Rao")

    page = client.get(change_page(patient))
    assert (page.status_code, b'name="full_name"' in page.content) == (200, False)
    assert send(client, change_page(patient), WALK_IN | {"full_name": "Other"}).status_code == 403
    assert client.get(ADD).status_code == 403
    assert Patient.objects.get().full_name == "Asha Rao"
