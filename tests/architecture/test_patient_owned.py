"""A model whose rows belong to a patient is `PatientOwned` and declares everything that this needs."""

import pytest
from django.contrib import admin

from accounts.models import Patient, PatientOwned
from accounts.models.owned import patient_owned_models
from audit.capture.registry import registration_of
from hms.core.admin import VisibleToMixin
from hms.core.references import new_reference
from hms.site.roles import ROLES
from tests.addresses import ARGUMENT, OUR_ROUTES
from tests.architecture.test_audit_registration import of_patients
from tests.owned import makers

# model: why it need not be `PatientOwned`
NOT_OWNED = {
    "notifications.VisitEvent": "what people are told of an appointment, never shown",
    "scheduling.SlotClaim": "the cells of an appointment, never shown",
    "scheduling.PatientClaim": "the cells of an appointment, never shown",
    "scheduling.PutAway": "which appointments a login has taken off its own list, never shown",
}
OWNED = {
    "scheduling.SlotClaim": "the cells of an appointment, never shown",
    "scheduling.PatientClaim": "the cells of an appointment, never shown",
    "scheduling.PutAway": "which appointments a login has taken off its own list, never shown",
}
WORDS = {
    str: "references are random words",
    "slug": "departments are named in their addresses",
}
OWNED = patient_owned_models()
WHOLE = [model for model in OWNED if not model.is_part]

every_owned = pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.label)
every_whole = pytest.mark.parametrize("model", WHOLE, ids=lambda model: model._meta.label)


def declares(model: type[PatientOwned], *names: str) -> bool:
    """Whether the model, or a base below `PatientOwned`, defines one of the names."""
    bases = model.__mro__[: model.__mro__.index(PatientOwned)]
    return any(name in vars(base) for base in bases for name in names)


def test_every_model_that_refers_to_a_patient_is_patient_owned_or_a_known_exception():
    assert {model._meta.label for model in of_patients() - set(OWNED)} == set(NOT_OWNED)


@every_owned
def test_it_is_logged_under_the_patient_it_belongs_to(model):
    assert registration_of(model).patient == model.to_patient


@every_owned
def test_it_declares_who_sees_it(model):
    """Even if nobody does: `guardian_scopes = ()`, `view_every_permission = None`."""
    assert declares(model, "guardian_scopes", "carer_grounds"), "which carers see a row?"
    assert declares(model, "view_every_permission", "staff_grounds"), "which staff see which rows?"


@every_whole
def test_a_role_may_open_its_list(model):
    granted = set().union(*ROLES.values())

    assert f"{model._meta.app_label}.view_{model._meta.model_name}" in granted, "grant it in hms.site.roles"
    assert model.view_every_permission is None or model.view_every_permission in granted


@every_whole
def test_the_staff_site_shows_its_visible_rows(model):
    own = admin.site._registry.get(model)
    shown_with = [row for one in admin.site._registry.values() for row in one.inlines if row.model is model]

    assert own or shown_with, "register an admin with VisibleToMixin, or an inline"
    assert own is None or isinstance(own, VisibleToMixin)


@every_whole
def test_the_patients_page_about_accesses_has_words_for_it(model):
    names = model._meta.original_attrs

    assert "%(whom)s" in model.access_created or "%(whose)s" in model.access_created
    assert model.access_nouns or {"verbose_name", "verbose_name_plural"} <= set(names)


@every_owned
def test_the_guard_tests_can_make_a_row_of_it(model):
    assert model in makers(), (
        f"tests/{model._meta.app_label}/owned.py: add a function @row_of({model.__name__})"
    )


def test_addresses_refer_to_rows_of_patients_by_a_random_reference():
    typed = {(name, found[1]) for name, route in OUR_ROUTES for found in ARGUMENT.finditer(route)}

    assert {name for name, converter in typed if converter not in ("str", "slug")} == set()
    referenced = [model for model in OWNED if "reference" in {field.name for field in model._meta.fields}]
    fields = [model._meta.get_field("reference") for model in referenced]
    assert Patient in referenced
    assert {
        field.model for field in fields if field.default is not new_reference or not field.unique
    } == set()
