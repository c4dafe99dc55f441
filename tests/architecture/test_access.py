"""Screens read patient data through `visible_to`, and every page that is not public requires a login."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

from audit.capture.registry import registration_of
from tests.addresses import ADMIN, OURS
from tests.ours import ROOT, our_packages

# Modules that show data. Services are not among them: they check the rights of `by`.
SCREENS = ("views", "admin", "forms", "api", "site")
# path: why the read discloses nothing
ALLOWED = {
    "clinical/views/verify.py": "the code is the right to know whether its document is genuine",
    "billing/admin/lists.py": "only narrows bills that are already scoped",
    "scheduling/admin/search.py": "only narrows appointments that are already scoped",
}
PUBLIC = {
    "site:home", "site:healthz", "site:readyz", "site:find-care",
    "advice:list-articles", "advice:show-article",
    "scheduling:suggest-doctors",
    "scheduling:list-doctors", "scheduling:show-doctor", "scheduling:show-times",
    "scheduling:show-department", "scheduling:show-department-times", "scheduling:choose-doctor",
    "scheduling:list-branches", "scheduling:show-branch",
    "scheduling:show-photo",
    "scheduling:check-in",  # asks for the reference and the date of birth
    "scheduling:show-screen",  # tokens, nothing personal
    "scheduling:show-place", "scheduling:show-slip",  # the address is the right to see the token
    "scheduling:read-feed",  # the address is the right to read the calendar
    "scheduling:answer-visit",  # a link of a message: the code is the right to see the time
    "notifications:unsubscribe",  # a link of a message, with a signed token
    "scheduling:answer-offer",  # the signed link is the right to see and answer it
    "clinical:verify",  # says nothing about a patient
    "site:csp-reports",  # browsers send them without a login
    "billing:callback-simulated",  # checks a signature instead
    ":account_signup",
}  # fmt: skip


def patient_models() -> set[str]:
    return {
        model.__name__
        for model in apps.get_models()
        if (registration := registration_of(model)) and registration.patient
    }


def screens() -> list[Path]:
    files = [path for app in our_packages() for path in sorted((ROOT / app).rglob("*.py"))]
    return [path for path in files if set(path.relative_to(ROOT).with_suffix("").parts) & set(SCREENS)]


def unscoped_reads(source: str, models: set[str]) -> list[int]:
    """Lines that call anything but `visible_to` on a manager of patient data, or on `model.objects`."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(
                value=ast.Attribute(value=ast.Name(id=name), attr="objects" | "_default_manager"), attr=method
            ) if name in models and method != "visible_to":
                lines.append(node.lineno)
            case ast.Attribute(
                value=ast.Attribute(value=ast.Attribute(attr="model"), attr="objects"), attr=method
            ) if method != "visible_to":
                lines.append(node.lineno)
    return lines


@pytest.mark.parametrize("path", screens(), ids=lambda path: str(path.relative_to(ROOT)))
def test_screens_read_patient_data_only_through_visible_to(path):
    if str(path.relative_to(ROOT)) in ALLOWED:
        return
    assert unscoped_reads(path.read_text(), patient_models()) == []


def test_the_guard_finds_an_unscoped_read():
    source = (
        "def page(request):\n    return Patient.objects.filter(pk=1) | Patient.objects.visible_to(user)\n"
        "def listed(page, user):\n    return page.model.objects.all()\n"
    )

    assert sorted(unscoped_reads(source, {"Patient"})) == [2, 4]


# Pages of Django's admin that need no login.
ADMIN_PUBLIC = {"admin:login", "admin:logout", "admin:jsi18n"}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "address"), [row for row in OURS if row[0] not in PUBLIC])
def test_every_page_requires_a_login_or_is_on_the_public_list(client, name, address):
    answer = client.get(address)

    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/?next=")


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "address"), [row for row in ADMIN if row[0] not in ADMIN_PUBLIC])
def test_every_page_of_the_staff_site_requires_a_login(client, name, address):
    answer = client.get(address)

    assert answer.status_code == 302
    assert "/login/" in answer.url


def test_every_page_on_the_public_list_exists():
    assert {name for name, _address in OURS} >= PUBLIC


def test_every_read_of_patients_and_of_logins_is_logged():
    unmarked = {
        model.__name__
        for model in apps.get_models()
        if (registration := registration_of(model))
        and registration.reads_are_logged
        and not getattr(type(model._default_manager.all()).visible_to, "logs_reads", False)
    }

    assert unmarked == set()
