import pytest

from accounts.models import Language, Patient
from audit.models import AuditEvent, Outcome
from tests.accounts.answers import SIGN_UP
from tests.accounts.rows import carer, own_patient
from tests.costs import READ
from tests.factories import PatientFactory, UserFactory, staff
from tests.opened import send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A08")]

PAGE = "/me/profile/"
ADDRESS = {
    "street": "14 Residency Road",
    "city": "Bengaluru",
    "state": "Karnataka",
    "postcode": "560025",
}
ANSWERS = {
    name: value for name, value in SIGN_UP.items() if not name.startswith(("date_of_birth", "password"))
}


def test_profile_shows_the_own_patient_first_and_then_those_cared_for(client, user):
    carer(user, PatientFactory(full_name="Aarav Rao"), "parent")
    own_patient(user, full_name="Asha Rao")
    own_patient(UserFactory(), full_name="Somebody Else")

    page = client.get(PAGE)

    assert [guardianship.patient.full_name for guardianship in page.context["people"]] == [
        "Asha Rao",
        "Aarav Rao",
    ]
    assert "Somebody Else" not in page.content.decode()


@pytest.mark.parametrize("people", [1, 3])
def test_profile_costs_the_same_for_one_and_for_three(client, user, people, django_assert_num_queries):
    language = Language.objects.create(code="kn", name="Kannada")
    for _person in range(people):
        carer(user, PatientFactory(preferred_language=language))

    with django_assert_num_queries(3 + READ):
        page = client.get(PAGE)

    assert len(page.context["people"]) == people


def test_profile_says_what_to_do_when_no_patient_belongs_to_the_login(client, user):
    html = client.get(PAGE).content.decode()

    assert "No patient belongs to this login" in html
    assert 'href="/me/family/add/"' in html


def test_the_page_changes_particulars(client, user):
    patient = own_patient(user, **ADDRESS)
    kannada = Language.objects.create(code="kn", name="Kannada")
    answers = ANSWERS | {
        "full_name": " Asha  Menon ",
        "phone": "080 4000 1200",
        "abha_number": "12-3456-7890-1234",
        "emergency_contact_name": "Vikram Rao",
        "emergency_contact_phone": "98450 54321",
        "preferred_language": kannada.pk,
        "wants_sms": "on",
    }

    answer = send(client, f"{PAGE}{patient.reference}/", answers)

    assert (answer.status_code, answer.url) == (302, PAGE)
    patient = Patient.objects.get()
    assert (patient.full_name, str(patient.phone)) == ("Asha Menon", "+918040001200")
    assert patient.abha_number == "12345678901234"
    assert patient.emergency_contact_line == "Vikram Rao, +91 98450 54321"
    assert (patient.preferred_language, patient.wants_email, patient.wants_sms) == (
        kannada,
        False,
        True,
    )


def test_the_date_of_birth_is_neither_asked_for_nor_accepted(client, user):
    patient = own_patient(user, **ADDRESS)
    born = patient.date_of_birth

    send(client, f"{PAGE}{patient.reference}/", ANSWERS | {"date_of_birth": "2020-01-01"})

    assert Patient.objects.get().date_of_birth == born


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("full_name", "", "Enter the full name."),
        ("phone", "12", "Enter a phone number, for example 98765 43210 or +44 20 7946 0958."),
        ("postcode", "12", "Enter a PIN code of 6 digits, for example 560025."),
        ("abha_number", "12", "Enter the 14 digits of the ABHA number."),
        ("abha_number", "11112222333344", "This ABHA number belongs to another patient."),
        ("email", "asha@", "Enter a valid email address."),
    ],
)
def test_an_invalid_answer_is_shown_at_its_field_and_changes_nothing(client, user, field, typed, message):
    patient = own_patient(user, full_name="Asha Rao", **ADDRESS)
    PatientFactory(abha_number="11112222333344")

    page = send(client, f"{PAGE}{patient.reference}/", ANSWERS | {"full_name": "Asha Menon", field: typed})

    assert page.context["form"].errors == {field: [message]}
    assert Patient.objects.get(pk=patient.pk).full_name == "Asha Rao"


@pytest.mark.parametrize("method", ["get", "post"])
def test_particulars_of_others_are_not_found_and_the_attempt_is_logged(client, user, method):
    theirs = own_patient(UserFactory(), full_name="Somebody Else")

    answer = getattr(client, method)(f"{PAGE}{theirs.reference}/", ANSWERS)

    assert answer.status_code == 404
    assert Patient.objects.get().full_name == "Somebody Else"
    denied = AuditEvent.objects.get(outcome=Outcome.REFUSED)
    assert (denied.actor_id, denied.patient_id) == (user.pk, theirs.pk)


def test_a_mistyped_reference_is_not_found(client, user):
    assert client.get(f"{PAGE}ABCDEFGHJK/").status_code == 404
    assert not AuditEvent.objects.filter(outcome=Outcome.REFUSED).exists()


def test_a_carer_who_may_only_see_records_cannot_change_particulars(client, user):
    patient = PatientFactory(full_name="Meena Rao")
    carer(user, patient, may_book=False)

    assert f"{PAGE}{patient.reference}/" not in client.get(PAGE).content.decode()
    assert send(client, f"{PAGE}{patient.reference}/", ANSWERS).status_code == 404


def test_the_desk_cannot_use_the_profile_page_of_a_patient(client):
    client.force_login(staff("receptionist"))
    patient = PatientFactory()

    assert client.get(PAGE).context["people"] == []
    assert client.get(f"{PAGE}{patient.reference}/").status_code == 404


@pytest.mark.parametrize("page", [PAGE, f"{PAGE}ABCDEFGHJK/", "/me/family/", "/me/family/add/"])
def test_the_profile_pages_require_a_login(client, page):
    answer = client.get(page)

    assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={page}")
