"""Every form that patients type into checks a field when it is left; a new one is found here."""

from collections.abc import Callable
from inspect import getmodule, isclass
from sys import modules
from typing import get_args, get_type_hints

from django import forms
from django.urls import resolve

from accounts.field_checks import ChecksFields
from accounts.forms import SignUpForm
from hms.site.forms import FindCareForm
from scheduling.forms.search import DoctorSearchForm
from tests.addresses import OURS
from tests.site.test_field_checks import GROUPS, PAGES

NOT_SENT = {
    DoctorSearchForm: "filters of a list, which comes with their errors",
    FindCareForm: "a question of one box, which comes with its answer",
}
BY_THE_SAME_PAGE = {"site:book-now": "scheduling:start-booking"}


def callbacks() -> dict[str, Callable]:
    return {name: resolve(address).func for name, address in OURS}


def forms_of(view) -> set[type]:
    """The classes of the forms that the view checks."""
    kind = getattr(view, "view_class", None)
    if kind and issubclass(kind, ChecksFields):
        return {kind().get_form_class()}
    if form_of := getattr(view, "form_of", None):
        returned = get_type_hints(form_of)["return"]
        return set(get_args(returned)) or {returned}
    return set()


def typed_forms(module) -> set[type]:
    """Forms of ours, known to the module, in which somebody types or chooses from a list."""
    found = (each for each in vars(module).values() if isclass(each) and issubclass(each, forms.Form))
    return {
        each
        for each in found
        if not all(isinstance(field.widget, GROUPS) for field in each.base_fields.values())
    } - set(NOT_SENT)


def test_every_form_that_a_patient_types_into_is_checked():
    views = callbacks()
    screens = {getmodule(getattr(view, "view_class", view)).__name__ for view in views.values()}
    known = set().union(*(typed_forms(modules[name]) for name in screens if not name.startswith("allauth.")))

    checked = set().union(*map(forms_of, views.values()))

    assert len(checked) == 12
    assert known - checked == set()
    assert SignUpForm in checked


def test_every_page_with_a_checked_form_is_tried_here():
    checked = {name for name, view in callbacks().items() if forms_of(view)}

    assert checked == {*PAGES, *BY_THE_SAME_PAGE}
