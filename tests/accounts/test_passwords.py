import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings

from accounts.models import User
from hms import settings as as_deployed

pytestmark = pytest.mark.feature("A03")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("fourteen chars", "password_too_short"),
        ("1q2w3e4r5t6y7u8i9o", "password_too_common"),
        ("123456789012345", "predictable"),
        ("543210987654321", "predictable"),
        ("passwordpassword", "predictable"),
        ("Qwertyuiopasdfg", "predictable"),
        ("aaaaaaaaaabbbbbb", "predictable"),
        ("asha.rao@example", "password_too_similar"),
    ],
)
def test_password_that_can_be_guessed_is_refused(password, code):
    user = User(email="asha.rao@example.org", full_name="Asha Rao")

    with pytest.raises(ValidationError) as refused:
        validate_password(password, user)

    assert [error.code for error in refused.value.error_list] == [code]


@pytest.mark.parametrize("password", ["three quiet herons", "demo-hospital-2026", "नमस्ते दुनिया मेरी"])
def test_password_of_a_few_words_is_accepted(password):
    assert validate_password(password, User(email="asha@example.org")) is None


def test_passwords_are_stored_as_argon2_hashes():
    with override_settings(PASSWORD_HASHERS=as_deployed.PASSWORD_HASHERS):
        assert make_password("three quiet herons").startswith("argon2$argon2id$")
