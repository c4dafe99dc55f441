from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from accounts.models import Guardianship, Patient, Scope, User
from tests.accounts.answers import SIGN_UP
from tests.factories import PatientFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A01")]

PAGE = "/accounts/signup/"


def nothing_was_written() -> bool:
    return not any(table.objects.exists() for table in (User, Patient, Guardianship, EmailAddress))


def test_signup_creates_a_login_its_patient_and_their_guardianship(client):
    client.post(PAGE, SIGN_UP)

    user, patient, guardianship = User.objects.get(), Patient.objects.get(), Guardianship.objects.get()
    assert (user.email, user.full_name, user.role_names) == ("asha@example.org", "Asha Rao", {"patient"})
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert (patient.mrn, patient.full_name, patient.date_of_birth) == (
        "H000001",
        "Asha Rao",
        date(1984, 3, 27),
    )
    assert (patient.gender, patient.blood_group) == ("female", "O+")
    assert patient.address_lines == [
        "14 Residency Road",
        "Bengaluru 560025",
        "Bengaluru Urban",
        "Karnataka",
        "India",
    ]
    assert (guardianship.user, guardianship.patient, guardianship.relation) == (user, patient, "self")
    assert (guardianship.consented_by, set(guardianship.scopes)) == (user, set(Scope))


def test_signup_normalises_phone_email_names_and_postcode(client):
    typed = {
        "full_name": "  Asha \t Rao ",
        "email": " Asha@Example.ORG ",
        "phone": "098450-12345",
        "postcode": "560 025",
    }

    client.post(PAGE, SIGN_UP | typed)

    patient = Patient.objects.get()
    assert (patient.full_name, patient.email) == ("Asha Rao", "asha@example.org")
    assert (str(patient.phone), patient.postcode) == ("+919845012345", "560025")
    assert User.objects.get().email == "asha@example.org"


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("full_name", {"full_name": " "}, "Enter the full name."),
        ("full_name", {"full_name": "12345"}, "Write the name with letters."),
        ("full_name", {"full_name": "😀😀"}, "Write the name with letters."),
        ("email", {"email": ""}, "Enter an e-mail address."),
        ("email", {"email": "asha.example.org"}, "Enter a valid email address."),
        ("phone", {"phone": "12345"}, "Enter a phone number, for example 98765 43210 or +44 20 7946 0958."),
        ("phone", {"phone": ""}, "Enter a phone number."),
        (
            "date_of_birth",
            {"date_of_birth_day": "31", "date_of_birth_month": "2"},
            "31 2 1984 is not a real date.",
        ),
        (
            "date_of_birth",
            {"date_of_birth_year": str(timezone.localdate().year + 1)},
            "The date of birth must be in the past.",
        ),
        ("date_of_birth", {"date_of_birth_year": "1899"}, "The date of birth must be after 1899."),
        (
            "date_of_birth",
            {"date_of_birth_year": str(timezone.localdate().year - 17)},
            "You must be 18 to sign up. A parent or guardian can sign up and add you to their family.",
        ),
        ("gender", {"gender": ""}, "Choose a gender, or that you prefer not to say."),
        (
            "blood_group",
            {"blood_group": "C+"},
            "Select a valid choice. C+ is not one of the available choices.",
        ),
        ("street", {"street": ""}, "Enter the house number and street."),
        ("city", {"city": ""}, "Enter the city, town or village."),
        ("state", {"state": ""}, "Enter the state."),
        ("country", {"country": ""}, "Enter the country."),
        ("postcode", {"postcode": "SW1A"}, "Enter a PIN code of 6 digits, for example 560025."),
        (
            "password1",
            {"password1": "three herons", "password2": "three herons"},
            "This password is too short. It must contain at least 15 characters.",
        ),
        (
            "password1",
            {"password1": "123456789012345", "password2": "123456789012345"},
            "This password is easy to guess. Avoid repetitions and rows of keys.",
        ),
        (
            "password1",
            {
                "full_name": "Asha Raghunathan Rao",
                "password1": "asharaghunathan",
                "password2": "asharaghunathan",
            },
            "The password is too similar to the full name.",
        ),
        ("password2", {"password2": "three loud herons"}, "You must type the same password each time."),
    ],
)
def test_signup_shows_an_error_at_its_field_and_writes_nothing(client, field, typed, message):
    page = client.post(PAGE, SIGN_UP | typed)

    assert page.context["form"].errors == {field: [message]}
    assert nothing_was_written()


def test_signup_keeps_what_was_typed_and_links_each_error_to_its_field(client):
    html = client.post(PAGE, SIGN_UP | {"phone": "12", "date_of_birth_month": "Marz"}).content.decode()

    assert 'value="Marz"' in html
    assert 'href="#id_phone"' in html
    assert 'href="#id_date_of_birth_0"' in html


def test_signup_of_a_patient_registered_by_the_desk_gives_no_access_to_that_record(client):
    at_the_desk = PatientFactory(
        full_name="Asha Rao", date_of_birth=date(1984, 3, 27), phone="+919845012345", email="asha@example.org"
    )

    client.post(PAGE, SIGN_UP)

    mine = Patient.objects.visible_to(User.objects.get())
    assert at_the_desk not in mine
    assert [patient.mrn for patient in mine] == ["H000001"]


def test_a_failure_during_signup_rolls_back_everything(client, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the power fails")

    monkeypatch.setattr(Guardianship, "save", fail)
    with pytest.raises(RuntimeError):
        client.post(PAGE, SIGN_UP)

    assert nothing_was_written()


def test_signup_returns_to_the_booking_once_the_address_is_confirmed(client, mailoutbox):
    where = "/book/ABCDEFGHJK/?at=20261123T0430Z"
    assert f'name="next" value="{where}"' in client.get(PAGE, {"next": where}).content.decode()
    client.post(PAGE, SIGN_UP | {"next": where})

    [letter] = mailoutbox
    [link] = [word for word in letter.body.split() if "/confirm-email/" in word]
    confirmed = client.post(link.removeprefix("http://testserver"))

    assert (confirmed.status_code, confirmed.url) == (302, where)
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_signup_logs_in_at_once_if_addresses_need_no_confirmation(client, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"

    answer = client.post(PAGE, SIGN_UP | {"next": "/doctors/"})

    assert (answer.status_code, answer.url) == (302, "/doctors/")
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_signup_never_redirects_to_another_site(client, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"

    answer = client.post(PAGE, SIGN_UP | {"next": "https://evil.example/"})

    assert answer.url == "/me/"


def test_signup_succeeds_when_the_mail_server_does_not_answer(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    page = client.post(PAGE, SIGN_UP, follow=True)

    said = [str(message) for message in page.context["messages"]]
    assert "We could not send you an e-mail. Please try again later." in said
    assert Patient.objects.count() == 1


def test_every_field_about_the_user_has_an_autocomplete_token(client):
    form = client.get(PAGE).context["form"]

    told = {name: field.widget.attrs.get("autocomplete") for name, field in form.fields.items()} | {
        "date_of_birth": "bday"
    }
    assert told == {
        "full_name": "name",
        "date_of_birth": "bday",
        "gender": "sex",
        "blood_group": None,
        "email": "email",
        "phone": "tel",
        "street": "address-line1",
        "city": "address-level2",
        "county": "address-level3",
        "state": "address-level1",
        "postcode": "postal-code",
        "country": "country-name",
        "password1": "new-password",
        "password2": "new-password",
    }


def test_signup_redirects_users_who_are_logged_in(client):
    client.force_login(UserFactory())

    assert client.get(PAGE).url == reverse("site:dashboard")
