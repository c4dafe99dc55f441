"""Every form that changes a row carries a fingerprint of it; the tests find all forms."""

import importlib
import inspect
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib import admin
from django.forms import BaseForm, BaseModelForm
from import_export.forms import ImportExportFormBase

from hms.core.edit_conflicts import FIELD
from hms.core.forms import FingerprintedFormSet, FingerprintMixin, RowForm
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06")]

ROOT = Path(settings.BASE_DIR)
OURS = ("accounts", "audit", "billing", "clinical", "hms", "scheduling")
ADMINS = list(admin.site._registry.values())
# form: why it needs no fingerprint
NEW_OR_NOTHING = {
    "PairForm": "adds a row",
    "AddendumForm": "adds a row",
    "AttachForm": "adds a file",
    "BookNowForm": "makes an appointment",
    "BookingForm": "makes an appointment",
    "CertificateForm": "issues a certificate; the service checks the one that it replaces",
    "CalendarFeedForm": "makes a feed",
    "CancelSelectedForm": "cancels several rows of a list, each checked by the service",
    "ColumnsForm": "says how a file is read; saves nothing",
    "ConfirmForm": "confirms an import, with a digest of each row as the preview showed it",
    "DiagnosisForm": "is part of the form of an encounter, which counts the changes of its diagnoses",
    "DependantForm": "registers somebody new",
    "EmergencyForm": "opens an emergency access",
    "DeskPaymentForm": "makes a payment; the service compares the total that was shown",
    "JoinForm": "adds a row",
    "LoginForm": "logs in",
    "SelfCheckInForm": "checks in a visit of which its page shows nothing",
    "OnceForm": "has no columns",
    "OrderForm": "makes orders",
    "ParticularsForm": "has no row",
    "MoreParticulars": "has no row",
    "PrescriptionForm": "the service compares the whole draft with what was shown",
    "PrescriptionItemForm": "a line of the draft",
    "PayForm": "makes a payment; the service compares the total that was shown",
    "DoctorSearchForm": "is sent by GET",
    "FindCareForm": "changes nothing",
    "RecordVitalsForm": "records a new row",
    "ScopeForm": "is sent by GET",
    "ShortcutForm": "is part of the form of an encounter, which carries what was shown",
    "WriteReviewForm": "writes a new review",
    "SignUpForm": "registers somebody new",
    "StaffBookingForm": "makes an appointment",
    "StyledForm": "has no fields",
    "TimeForm": "has no row",
}


def forms_of_ours() -> list[type[BaseForm]]:
    found = {}
    for app in OURS:
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" in parts or "Form" not in path.read_text():
                continue
            module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
            for _name, form in inspect.getmembers(module, inspect.isclass):
                if issubclass(form, BaseForm) and form.__module__ == module.__name__:
                    found[form.__qualname__, form.__module__] = form
    return list(found.values())


@pytest.fixture
def request_by_superuser(rf):
    request = rf.get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    return request


def name_of(one) -> str:
    return getattr(one, "__name__", type(one).__name__)


@pytest.mark.parametrize("model_admin", ADMINS, ids=name_of)
def test_every_change_form_of_the_staff_site_carries_a_fingerprint(model_admin, request_by_superuser):
    row = model_admin.model()
    if not model_admin.has_change_permission(request_by_superuser, row):
        return

    form = model_admin.get_form(request_by_superuser, row, change=True)

    inlines = [inline.formset for inline in model_admin.get_inline_instances(request_by_superuser, row)]
    assert issubclass(form, FingerprintMixin)
    assert [formset for formset in inlines if not issubclass(formset, FingerprintedFormSet)] == []
    assert model_admin.list_editable == ()


@pytest.mark.parametrize("model_admin", ADMINS, ids=name_of)
def test_the_change_page_contains_the_hidden_fingerprint(model_admin, request_by_superuser):
    row = model_admin.model(pk=1)
    request = request_by_superuser
    if not model_admin.has_change_permission(request, row):
        return
    form = model_admin.get_form(request, row, change=True)(instance=existing(row))
    context = admin.site.each_context(request) | {
        "adminform": admin.helpers.AdminForm(form, [], {}, model_admin=model_admin),
        "inline_admin_formsets": [],
        "media": "",
        "original": SimpleNamespace(pk=row.pk, reference="ABCDEFGHJK"),
        "add": False,
    }

    page = model_admin.render_change_form(request, context, change=True, obj=row).render()

    assert f'name="{FIELD}" value="' in page.text


def existing(row):
    row._state.adding = False
    return row


@pytest.mark.parametrize("form", forms_of_ours(), ids=name_of)
def test_every_form_of_a_page_is_a_row_form_or_a_known_exception(form):
    if issubclass(form, BaseModelForm | ImportExportFormBase) or form is RowForm:
        return  # forms of the staff site are tested above

    assert issubclass(form, RowForm) != (form.__name__ in NEW_OR_NOTHING)


def test_every_known_exception_exists():
    assert {form.__name__ for form in forms_of_ours()} >= NEW_OR_NOTHING.keys()
