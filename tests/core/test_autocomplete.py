"""Autocomplete boxes of every admin page stand values that are no keys."""

import pytest
from django.contrib import admin
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Patient, User
from hms.core.autocomplete import FEW, is_key
from tests.factories import UserFactory, doctor_with_hours
from tests.ours import our_models

pytestmark = pytest.mark.feature("A04")
BOXES = [
    (model, name)
    for model in our_models()
    if model in admin.site._registry
    for name in admin.site._registry[model].autocomplete_fields
]


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["abc", "9" * 40, "-1", "1\0", "0"])
@pytest.mark.parametrize(("model", "name"), BOXES, ids=str)
def test_a_page_whose_address_proposes_no_key_shows_an_empty_box(client, model, name, value):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")

    answers = [client.get(page, {name: value}), client.post(page, {name: value})]

    assert {answer.status_code for answer in answers} <= {200, 302, 403}


@given(st.text() | st.integers().map(str))
def test_keys_are_whole_numbers_that_both_databases_take(text):
    assert is_key(text) == (text.isascii() and text.isdigit() and int(text) < 10**18 and len(text) <= 18)


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "name"), BOXES, ids=str)
def test_a_box_with_few_choices_has_them_all_without_a_script(rf, model, name):
    of = model._meta.get_field(name).related_model
    doctor_with_hours()
    request = rf.get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    field = admin.site._registry[model].get_form(request)().fields[name]
    widget = getattr(field.widget, "widget", field.widget)
    offered = {str(option["value"]) for option in widget.options(name, [])} - {""}

    is_of_people = of in (User, Patient) or getattr(of, "access_nouns", None)
    are_many = field.queryset.count() > FEW
    assert offered == (set() if is_of_people or are_many else {str(row.pk) for row in field.queryset})
