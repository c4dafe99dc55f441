from urllib.parse import urlencode

import pytest

from accounts.models import CONSENT, Guardianship, Patient
from audit.models import AuditEvent, Outcome
from tests.accounts.answers import SIGN_UP
from tests.accounts.rows import born, carer, own_patient
from tests.costs import READ
from tests.factories import PatientFactory, UserFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A07")]

PAGE, ADD = "/me/family/", "/me/family/add/"
BIRTHDAY = born(7)
ANSWERS = {
    **{name: value for name, value in SIGN_UP.items() if not name.startswith(("email", "password"))},
    "full_name": "Kavya Rao",
    "date_of_birth_day": str(BIRTHDAY.day),
    "date_of_birth_month": str(BIRTHDAY.month),
    "date_of_birth_year": str(BIRTHDAY.year),
    "relation": "parent",
    "scopes": ["may_book", "may_pay"],
    "consent": "on",
}


def test_family_shows_the_people_cared_for_and_the_own_carers(client, user):
    mine = own_patient(user)
    carer(user, PatientFactory(full_name="Kavya Rao"), "parent")
    carer(UserFactory(full_name="Vikram Rao"), mine, "spouse")
    carer(UserFactory(full_name="Somebody Else"), own_patient(UserFactory(full_name="Another")))

    page = client.get(PAGE)

    assert [guardianship.patient.full_name for guardianship in page.context["cared_for"]] == ["Kavya Rao"]
    assert [guardianship.user.full_name for guardianship in page.context["carers"]] == ["Vikram Rao"]
    assert "Somebody Else" not in page.content.decode()


@pytest.mark.parametrize("people", [1, 3])
def test_family_costs_the_same_for_one_and_for_three(client, user, people, django_assert_num_queries):
    mine = own_patient(user)
    for _person in range(people):
        carer(user, PatientFactory(), "parent")
        carer(UserFactory(), mine, "spouse")

    with django_assert_num_queries(3 + READ):
        page = client.get(PAGE)

    assert (len(page.context["cared_for"]), len(page.context["carers"])) == (people, people)


def test_the_desks_permissions_do_not_add_patients_to_the_family(client):
    desk = staff("receptionist")
    client.force_login(desk)
    guardianship = carer(UserFactory(), own_patient(UserFactory()))

    page = client.get(PAGE)

    assert (page.context["cared_for"], page.context["carers"]) == ([], [])
    assert client.get(f"{PAGE}{guardianship.reference}/revoke/").status_code == 404


def test_adding_a_child_registers_a_patient_with_consent_and_an_end_date(client, user):
    answer = client.post(ADD, ANSWERS)

    assert (answer.status_code, answer.url) == (302, PAGE)
    guardianship = Guardianship.objects.get()
    assert (guardianship.user, guardianship.patient.full_name, guardianship.relation) == (
        user,
        "Kavya Rao",
        "parent",
    )
    assert guardianship.scopes == ["may_book", "may_pay"]
    assert guardianship.consent_statement == str(CONSENT)
    assert guardianship.ends_on == guardianship.patient.adult_on


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/book/ABCDE23456/?at=20261123T0430Z", "/book/ABCDE23456/?at=20261123T0430Z"),
        ("https://elsewhere.example/", PAGE),
        ("//elsewhere.example/", PAGE),
    ],
)
def test_after_adding_the_user_returns_to_the_previous_page(client, user, asked, leads_to):
    answer = client.post(f"{ADD}?{urlencode({'next': asked})}", ANSWERS)

    assert answer["Location"] == leads_to


def test_the_form_is_prefilled_with_the_users_address_and_phone_but_not_name(client, user):
    own_patient(user, full_name="Asha Rao", street="14 Residency Road", phone="+919845012345")

    html = client.get(ADD).content.decode()

    assert 'value="14 Residency Road"' in html
    assert 'name="phone" value="098450 12345"' in html
    assert 'value="Asha Rao"' not in html


def test_a_user_who_is_a_patient_cannot_add_themself_again(client, user):
    own_patient(user)

    page = client.post(ADD, ANSWERS | {"relation": "self"})

    message = "Select a valid choice. self is not one of the available choices."
    assert page.context["form"].errors == {"relation": [message]}


def test_a_user_who_is_not_yet_a_patient_adds_themself(client):
    doctor = staff("doctor")
    client.force_login(doctor)

    client.post(ADD, ANSWERS | {"relation": "self", "date_of_birth_year": "1980"})

    guardianship = Guardianship.objects.get()
    assert (guardianship.user, guardianship.relation, guardianship.ends_on) == (doctor, "self", None)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("consent", {"consent": ""}, "Confirm that you may act for this person."),
        ("scopes", {"scopes": []}, "Choose at least one."),
        ("relation", {"relation": ""}, "Choose who this person is to you."),
        ("phone", {"phone": "12"}, "Enter a phone number, for example 98765 43210 or +44 20 7946 0958."),
        (
            "date_of_birth",
            {"date_of_birth_day": "31", "date_of_birth_month": "Feb", "date_of_birth_year": "2020"},
            "31 Feb 2020 is not a real date.",
        ),
        (
            "relation",
            {"date_of_birth_year": "1990"},
            "This person is 18 or older. Choose a relation other than “My child”.",
        ),
    ],
)
def test_an_invalid_answer_is_shown_at_its_field_and_writes_nothing(client, user, field, typed, message):
    page = client.post(ADD, ANSWERS | typed)

    assert page.context["form"].errors == {field: [message]}
    assert (Patient.objects.count(), Guardianship.objects.count()) == (0, 0)


def test_adding_an_existing_patient_gives_no_access_to_the_existing_record(client, user):
    known = PatientFactory(full_name="Kavya Rao", date_of_birth=BIRTHDAY, phone="+919845012345")

    client.post(ADD, ANSWERS)

    mine = Patient.objects.visible_to(user)
    assert (known in mine, mine.count()) == (False, 1)


def test_ending_care_asks_for_confirmation_and_requires_a_post(client, user):
    guardianship = carer(user, PatientFactory(full_name="Kavya Rao"), "parent")
    page = f"{PAGE}{guardianship.reference}/revoke/"

    asked = client.get(page)
    assert "End this access?" in asked.content.decode()
    assert Patient.objects.visible_to(user).exists()
    answer = client.post(page)

    assert (answer.status_code, answer.url) == (302, PAGE)
    assert not Patient.objects.visible_to(user).exists()


def test_a_patient_ends_the_care_of_another(client, user):
    son = UserFactory()
    guardianship = carer(son, own_patient(user))

    client.post(f"{PAGE}{guardianship.reference}/revoke/")

    assert not Patient.objects.visible_to(son).exists()


def test_the_own_access_and_that_of_others_cannot_be_ended_here(client, user):
    own_patient(user)
    own = Guardianship.objects.get()
    theirs = carer(UserFactory(), own_patient(UserFactory()))

    for guardianship in (own, theirs):
        assert client.post(f"{PAGE}{guardianship.reference}/revoke/").status_code == 404
        guardianship.refresh_from_db()
        assert guardianship.is_in_force
    denied = AuditEvent.objects.filter(outcome=Outcome.REFUSED)
    assert set(denied.values_list("patient_id", flat=True)) == {own.patient_id, theirs.patient_id}


def test_ending_care_twice_is_harmless(client, user):
    guardianship = carer(user, PatientFactory(), "parent")
    page = f"{PAGE}{guardianship.reference}/revoke/"

    answers = [client.post(page) for _press in range(2)]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, PAGE)] * 2
    assert "This access had already ended." in client.get(page, follow=True).text
