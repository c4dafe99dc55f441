"""One function shows a refusal at its field or above the form."""

import ast

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.exceptions import EmailTaken, TooManyInCare, TooYoungForLogin
from hms.core.refusals import Refusal, put_on_form


class LoginForm(forms.Form):
    email = forms.EmailField(required=False)


@pytest.mark.parametrize(
    ("refusal", "errors"),
    [
        (EmailTaken(), {"email": [str(EmailTaken.text)]}),
        (TooYoungForLogin(), {"__all__": [str(TooYoungForLogin.text)]}),  # no such field here
        (TooManyInCare(limit=12), {"__all__": [str(TooManyInCare.text) % {"limit": 12}]}),
        (ValidationError("No."), {"__all__": ["No."]}),
        (
            ValidationError({"email": "No.", "phone": "Nor that."}),
            {"email": ["No."], "__all__": ["Nor that."]},
        ),
        (ValidationError({"__all__": ["Neither.", "Nor."]}), {"__all__": ["Neither.", "Nor."]}),
    ],
)
def test_each_message_is_shown_at_its_field_or_above_a_form_without_the_field(refusal, errors):
    form = LoginForm({})

    put_on_form(form, refusal)

    assert form.errors == errors


def test_every_refusal_has_its_own_code():
    codes = [refusal.code for refusal in refusals(Refusal)]

    assert len(codes) > 30
    assert sorted(codes) == sorted(set(codes))


def refusals(base: type[Refusal]):
    """Subclasses that declare their own code."""
    for one in base.__subclasses__():
        if "code" in vars(one):
            yield one
        yield from refusals(one)


def test_exceptions_of_apps_do_not_derive_directly_from_validation_error():
    found = [
        str(path.relative_to(settings.BASE_DIR))
        for path in settings.BASE_DIR.rglob("exceptions.py")
        if ".venv" not in path.parts
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base) == "ValidationError" for base in node.bases)
    ]

    assert found == []
