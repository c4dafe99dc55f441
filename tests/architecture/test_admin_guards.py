"""Rules for every admin class."""

import pytest
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey
from django.forms import ModelChoiceField

from accounts.models import Patient, User
from audit.capture.registry import registration_of
from audit.reading.history import HistoryMixin
from hms.core.admin import VisibleToMixin
from scheduling.models import Appointment, Doctor
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

ADMINS = list(admin.site._registry.values())
BIG_TABLES = (Appointment, Doctor, Patient, User)
# Apps whose rows are ended, cancelled or voided, but never deleted.
KEPT_APPS = {"audit", "billing", "clinical"}
# class: what its delete box does instead of deleting
NOT_DELETING = {"GuardianshipInline": "the service revokes the access, and the row stays"}


@pytest.fixture
def request_by_superuser(rf):
    request = rf.get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    return request


def named(model_admin) -> str:
    return type(model_admin).__name__


def every_admin(test):
    return pytest.mark.parametrize("model_admin", ADMINS, ids=named)(test)


def forms_of(model_admin, request) -> dict[str, dict]:
    """The form fields that a superuser can fill in: when adding, changing, in inlines."""
    something = model_admin.model()
    forms = {
        "add": model_admin.get_form(request, None).base_fields
        if model_admin.has_add_permission(request)
        else {},
        "change": model_admin.get_form(request, something, change=True).base_fields
        if model_admin.has_change_permission(request, something)
        else {},
    }
    for inline in model_admin.get_inline_instances(request, something):
        if inline.has_add_permission(request, something) or inline.has_change_permission(request):
            forms[type(inline).__name__] = inline.get_formset(request, something).form.base_fields
    return forms


@every_admin
def test_status_cannot_be_typed(model_admin, request_by_superuser):
    forms = forms_of(model_admin, request_by_superuser)

    typed = {name for name, boxes in forms.items() if "status" in boxes}

    assert typed == set()
    assert "status" not in model_admin.list_editable


@every_admin
def test_rows_about_patients_and_money_cannot_be_deleted(model_admin, request_by_superuser):
    rows = [model_admin, *model_admin.get_inline_instances(request_by_superuser, None)]

    kept = [one for one in rows if is_kept(one.model) and named(one) not in NOT_DELETING]

    assert [named(one) for one in kept if one.has_delete_permission(request_by_superuser)] == []


def is_kept(model) -> bool:
    registration = registration_of(model)
    return model._meta.app_label in KEPT_APPS or bool(registration and registration.patient)


@every_admin
def test_rows_with_limited_visibility_are_read_through_visible_to(model_admin):
    if not hasattr(model_admin.model._default_manager.all(), "visible_to"):
        return

    assert isinstance(model_admin, VisibleToMixin)


@every_admin
def test_the_history_of_a_logged_row_comes_from_the_log(model_admin):
    assert registration_of(model_admin.model) is None or isinstance(model_admin, HistoryMixin)


@every_admin
def test_a_list_declares_its_related_rows(model_admin, request_by_superuser):
    """With the default False, Django joins all related tables, and tables related to those."""
    shown = model_admin.list_display
    joined = [name for name in shown if isinstance(field_of(model_admin.model, name), ForeignKey)]

    fetched = {str(path) for path in model_admin.get_queryset(request_by_superuser)._prefetch_related_lookups}
    assert joined == [] or model_admin.list_select_related is not False
    assert joined == [] or model_admin.list_select_related or fetched.issuperset(joined)


def field_of(model, name):
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


@every_admin
def test_a_big_table_is_offered_as_autocomplete_and_not_as_a_list(model_admin, request_by_superuser):
    forms = forms_of(model_admin, request_by_superuser)

    listed = {
        f"{form}.{name}"
        for form, boxes in forms.items()
        for name, box in boxes.items()
        if isinstance(box, ModelChoiceField)
        and issubclass(box.queryset.model, BIG_TABLES)
        and not isinstance(getattr(box.widget, "widget", box.widget), AutocompleteMixin)
    }

    assert listed == set()
