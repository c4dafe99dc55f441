import pytest
from allauth.account.models import EmailAddress

from accounts.models import Patient, User
from audit.models import AuditEvent
from tests.accounts.rows import own_patient
from tests.api.calls import Caller, told
from tests.factories import GuardianshipFactory, PatientFactory, UserFactory, carer_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I01")]

ASHA = {
    "email": "Asha@example.org",
    "password": "three quiet herons",
    "full_name": "Asha Rao",
    "date_of_birth": "1984-03-27",
    "gender": "female",
    "phone": "98450 12345",
    "street": "14 Residency Road",
    "city": "Bengaluru",
    "state": "Karnataka",
    "postcode": "560025",
}


def register(**changes):
    body = {name: value for name, value in (ASHA | changes).items() if value is not None}
    return Caller().post("users/", body)


@pytest.mark.parametrize(
    "name", [{}, {"full_name": None, "first_name": "Asha", "last_name": "Rao"}], ids=["full", "parts"]
)
def test_a_patient_registers_and_confirms_the_address_by_mail(name, mailoutbox):
    answer = register(**name)

    user = User.objects.get()
    assert answer.status_code == 201
    assert answer.json() == answer.json() | {"email": "asha@example.org", "full_name": "Asha Rao"}
    assert (answer.json()["roles"], answer.json()["is_admin"]) == (["patient"], False)
    assert Caller(user).get("users/me/").json()["patient"]["mrn"] == Patient.objects.get().mrn
    assert user.check_password("three quiet herons")
    assert [mail.to for mail in mailoutbox] == [["asha@example.org"]]
    assert not EmailAddress.objects.get().verified
    assert AuditEvent.objects.get(action="sign_up").source == "api"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "short"}, "password"),
        ({"date_of_birth": "2999-01-01"}, "date_of_birth"),
        ({"date_of_birth": "27.3.1984"}, "date_of_birth"),
        ({"postcode": "5600"}, "postcode"),
        ({"phone": "12"}, "phone"),
        ({"gender": "x"}, "gender"),
        ({"full_name": None}, "full_name"),
        ({"street": ""}, "street"),
        ({"email": "asha"}, "email"),
    ],
)
def test_what_the_sign_up_page_refuses_is_refused_at_the_same_field(change, field):
    answer = register(**change)

    assert told(answer) == (400, "invalid")
    assert list(answer.json()["errors"]) == [field]
    assert not User.objects.exists()


@pytest.mark.parametrize("change", [{}, {"date_of_birth": "2020-01-01"}, {"phone": "12"}])
def test_the_answer_does_not_tell_whether_an_address_has_a_login(change, mailoutbox):
    UserFactory(email="known@example.org")

    answers = [register(email=f"{who}@example.org", **change) for who in ("known", "fresh")]

    said = [answer.content.replace(b"fresh", b"known") for answer in answers]
    joined = [answer.json().pop("joined_at", "").encode() for answer in answers]
    assert said[0].replace(joined[0], b"") == said[1].replace(joined[1], b"")
    assert [answer.status_code for answer in answers] == [400 if change else 201] * 2
    assert (User.objects.count(), Patient.objects.count()) == ((1, 0) if change else (2, 1))
    letters = [("known@example.org", "You already have an account")]
    letters += [("fresh@example.org", "Confirm your e-mail address")]
    assert [(mail.to[0], mail.subject) for mail in mailoutbox] == ([] if change else letters)


def test_where_addresses_are_not_confirmed_one_that_is_taken_is_refused_and_others_show_the_patient(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    UserFactory(email="asha@example.org")

    assert list(register().json()["errors"]) == ["email"]
    assert register(email="b@example.org").json()["patient"]["mrn"] == Patient.objects.get().mrn


def test_a_minor_is_refused():
    assert told(register(date_of_birth="2020-01-01")) == (400, "too_young_for_login")
    assert not Patient.objects.exists()


def test_nobody_registers_with_a_role():
    assert register(roles=["administrator"], is_staff=True, is_superuser=True).status_code == 201

    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.role_names) == (False, False, {"patient"})


def test_the_own_particulars_are_changed():
    user = UserFactory()
    patient = own_patient(user)

    answer = Caller(user).patch("users/me/", {"city": "Mysuru", "phone": "+919845099999", "wants_sms": False})

    patient.refresh_from_db()
    assert answer.json()["patient"]["city"] == "Mysuru"
    assert (patient.city, str(patient.phone), patient.wants_sms) == ("Mysuru", "+919845099999", False)


def test_what_is_not_the_patients_to_change_stays():
    user = UserFactory()
    patient = own_patient(user)
    was = Patient.objects.values().get()

    answer = Caller(user).patch(
        "users/me/",
        {"mrn": "X", "date_of_birth": "2001-01-01", "is_confidential": True, "email": patient.email},
    )

    assert answer.status_code == 200
    assert Patient.objects.values().get() == was
    assert told(Caller(user).patch("users/me/", {"full_name": ""})) == (400, "invalid")


def test_staff_without_own_patient_have_nothing_to_change():
    call = Caller(staff("doctor"))

    assert call.get("users/me/").json()["patient"] is None
    assert told(call.patch("users/me/", {"city": "Mysuru"})) == (404, "no_own_patient")


@pytest.mark.parametrize("role", ["receptionist", "doctor", "auditor", "billing_clerk"])
def test_only_administrators_list_logins(role):
    assert told(Caller(staff(role)).get("users/")) == (403, "permission_denied")
    assert told(Caller(UserFactory()).get("users/")) == (403, "permission_denied")
    assert told(Caller().get("users/")) == (401, "not_authenticated")


def test_administrators_list_and_filter_logins():
    admin = staff("administrator", full_name="Zubin")
    staff("doctor", full_name="Asha Rao", email="asha@example.org")
    call = Caller(admin)

    found = call.get("users/?role=doctor").json()["results"]

    assert [(row["email"], row["roles"], row["is_admin"]) for row in found] == [
        ("asha@example.org", ["doctor"], False)
    ]
    assert call.get("users/?q=asha@").json()["results"] == found
    assert call.get("users/").json()["count"] == 2
    assert told(call.get("users/?role=king")) == (400, "invalid")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_logins_takes_the_same_queries(rows, django_assert_num_queries):
    call = Caller(staff("administrator"))
    for _row in range(rows - 1):
        UserFactory()

    with django_assert_num_queries(11):
        assert len(call.get("users/").json()["results"]) == rows


def test_the_family_shows_whom_a_login_cares_for_and_what_it_may_do():
    user = carer_of(PatientFactory(full_name="Asha Rao"))
    GuardianshipFactory(user=user, patient=PatientFactory(full_name="Tara"), relation="parent", may_pay=False)
    carer_of(PatientFactory())

    found = Caller(user).get("family/").json()["results"]

    assert [(row["patient"]["full_name"], row["relation"], row["may_pay"]) for row in found] == [
        ("Asha Rao", "self", True),
        ("Tara", "parent", False),
    ]
    assert Caller(staff("receptionist")).get("family/").json()["count"] == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_family_takes_the_same_queries(rows, django_assert_num_queries):
    user = carer_of(PatientFactory())
    for _row in range(rows - 1):
        GuardianshipFactory(user=user, relation="parent")

    call = Caller(user)

    with django_assert_num_queries(8):
        assert len(call.get("family/").json()["results"]) == rows
