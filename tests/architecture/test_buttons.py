"""Every button of the staff site that moves a status carries what was shown beside it; the tests find all."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin

from hms.core.admin_conflicts import StepActionsMixin
from hms.core.states import status_fields

pytestmark = pytest.mark.feature("A06")

TEMPLATES = Path(settings.BASE_DIR) / "templates"
FORM = re.compile(r"<form[^>]*method=\"post\".*?</form>", re.DOTALL)
CARRIES = re.compile(r"fingerprint|\{\{ shown \}\}")
# template: why its form needs no fingerprint
NO_STATUS = {
    "admin/audit/anomaly/change_list.html": "searches the log",
    "admin/clinical/_signed.html": "adds to a signed record",
    "admin/clinical/attach_file.html": "adds a file",
    "admin/clinical/emergency.html": "opens an emergency access",
    "admin/clinical/issue_certificate.html": "issues a new document",
    "admin/clinical/prescribe.html": "the service compares the revision of the draft that was shown",
    "admin/clinical/record_vitals.html": "records a new row",
    "clinical/admin/_acknowledge.html": "names each result that it showed; a corrected one is another row",
    "clinical/admin/order_tests.html": "makes orders",
    "admin/kept_form.html": "sends what the form carried that was kept",
    "admin/scheduling/book.html": "makes an appointment",
    "admin/shipped.html": "adds to rows and overwrites nothing",
    "admin/tables/columns.html": "names a file that waits",
    "admin/tables/preview.html": "carries a digest of each row that was shown",
    "admin/tables/upload.html": "sends a file",
    "billing/admin/take_payment.html": "makes a payment; the service compares the total that was shown",
}
# actions that read or send, and move no status
OF_TABLES = {"delete_selected", "export_admin_action", "export_as_csv", "export_as_json"}


def forms_of_the_staff_site() -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        if "admin" in path.relative_to(TEMPLATES).parts:
            yield from ((name, form) for form in FORM.findall(path.read_text()))


def without_what_was_shown(forms) -> set[str]:
    return {name for name, form in forms if not CARRIES.search(form)}


def test_every_form_of_the_staff_site_carries_what_was_shown_or_is_a_known_exception():
    forms = list(forms_of_the_staff_site())

    assert len(forms) >= 10
    assert without_what_was_shown(forms) == set(NO_STATUS)


def test_the_guard_finds_a_button_without_what_was_shown():
    button = '<form method="post" action="{% url \'admin:discharge\' bed.pk %}">{% csrf_token %}</form>'

    assert without_what_was_shown([("admin/wards/bed.html", button)]) == {"admin/wards/bed.html"}


def test_every_action_of_a_list_with_a_status_counts_for_what_was_shown():
    with_status = {field.model for field, _statuses in status_fields()}
    without = [
        type(model_admin).__name__
        for model, model_admin in admin.site._registry.items()
        if model in with_status
        and {name for name in map(name_of, model_admin.actions) if name not in OF_TABLES}
        and not isinstance(model_admin, StepActionsMixin)
    ]

    assert without == []


def name_of(action) -> str:
    return action if isinstance(action, str) else action.__name__
