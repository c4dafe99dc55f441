"""Every form that patients type into checks a field when it is left, with the words that sending gives."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
import time_machine
from django import forms
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.field_checks import HEADER
from audit.models import Action, AuditEvent
from hms.core.rights import SYSTEM
from scheduling.services import mark_no_show
from tests.accounts.answers import SIGN_UP
from tests.clinical.rows import completed_visit, doctor_at_work
from tests.factories import PatientFactory, UserFactory, at, carer_of, doctor_with_hours
from tests.opened import boxes_of
from tests.ours import our_models
from tests.scheduling.admin_day import visit
from tests.scheduling.pages import book_page, words

pytestmark = pytest.mark.feature("A01")
GROUPS = (forms.HiddenInput, forms.RadioSelect, forms.CheckboxInput, forms.CheckboxSelectMultiple)
ODD = ["", " ", "12345", "<b>😀", "\u202e", "nobody@example", "x" * 1200]


@dataclass
class Page:
    """A form's page, ready to be filled in."""

    client: Client
    address: str

    def __post_init__(self):
        self.response = self.client.get(self.address)
        self.boxes = boxes_of(self.response)

    @property
    def fields(self) -> dict[str, forms.Field]:
        form = self.response.context["form"]
        typed = {field.name for field in form if not isinstance(field.field.widget, GROUPS)}
        return {name: form.fields[name] for name in typed if f'"{HEADER}": "{name}"' in self.response.text}

    def filled(self, name: str, value: str) -> dict:
        boxes = [f"{name}_{part}" for part in ("day", "month", "year")]
        is_group = boxes[0] in self.boxes
        return self.boxes | dict.fromkeys(boxes if is_group else [name], value)

    def checked(self, name: str, data: dict):
        return self.client.post(self.address, data, headers={HEADER: name, "HX-Request": "true"})

    def sent(self, data: dict):
        """What sending would answer, which is then undone."""
        with transaction.atomic():
            response = self.client.post(self.address, data)
            transaction.set_rollback(True)
        return response


def error_of(response, name: str) -> str:
    markup = " ".join(response.text.split())
    found = re.search(rf'<div id="id_{name}_error" class="field-error">(.*?)</div>', markup)
    return words(found[1]) if found else ""


def of(patient, address: str) -> Page:
    client = Client()
    client.force_login(carer_of(patient))
    return Page(client, address.format(patient=patient))


def sign_up() -> Page:
    page = Page(Client(), "/accounts/signup/")
    page.boxes |= SIGN_UP
    return page


def about_a_visit(address: str) -> Page:
    appointment = visit(doctor_with_hours(), days=1)
    return of(appointment.patient, address.format(appointment=appointment))


def book(address: str = "") -> Page:
    doctor, patient = doctor_with_hours(), PatientFactory()
    start = book_page(doctor, f"{at(9):%Y%m%dT%H%M}Z".replace("T09", "T08"))
    return of(patient, address or start)


def review() -> Page:
    appointment = completed_visit(doctor_at_work(), PatientFactory())
    return of(appointment.patient, f"/me/reviews/{appointment.reference}/")


def missed() -> Page:
    appointment = visit(doctor_with_hours(), days=1)
    with time_machine.travel(appointment.ends_at):
        mark_no_show(appointment=appointment, by=SYSTEM)
    return of(appointment.patient, f"/me/appointments/{appointment.reference}/missed/")


def join_list() -> Page:
    return of(PatientFactory(), f"/me/waiting/join/?doctor={doctor_with_hours().reference}")


PAGES: dict[str, Callable[[], Page]] = {
    ":account_signup": sign_up,
    "accounts:add-dependant": lambda: of(PatientFactory(), "/me/family/add/"),
    "accounts:edit-patient": lambda: of(PatientFactory(), "/me/profile/{patient.reference}/"),
    "scheduling:start-booking": book,
    "scheduling:edit-symptoms": partial(about_a_visit, "/me/appointments/{appointment.reference}/symptoms/"),
    "scheduling:cancel": partial(about_a_visit, "/me/appointments/{appointment.reference}/cancel/"),
    "scheduling:check-in": lambda: Page(Client(), "/check-in/"),
    "scheduling:explain-missed": missed,
    "scheduling:join-list": join_list,
    "clinical:write-review": review,
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_leaving_a_field_says_what_sending_says_and_writes_nothing(name, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    page = PAGES[name]()
    tried = [(field, value) for field in page.fields for value in ODD]
    before = rows()

    checked = {each: error_of(page.checked(each[0], page.filled(*each)), each[0]) for each in tried}

    assert rows() == before
    sent = {each: error_of(page.sent(page.filled(*each)), each[0]) for each in tried}
    # A date of which no box is filled in is not complained about before it is sent.
    assert {each: said for each, said in sent.items() if each != ("date_of_birth", "")} == {
        each: said for each, said in checked.items() if each != ("date_of_birth", "")
    }
    assert any(checked.values())


def rows() -> dict[str, int]:
    return {model.__name__: model._base_manager.count() for model in our_models(with_made=True)}


@pytest.mark.django_db
def test_an_untouched_field_and_a_date_that_is_begun_are_not_complained_about():
    page = sign_up()
    page.boxes |= dict.fromkeys(SIGN_UP, "")

    begun = page.checked("date_of_birth", page.boxes | {"date_of_birth_day": "27"})
    other = page.checked("city", page.boxes | {"city": "Mysuru"})

    assert (begun.text.strip(), other.text.strip()) == ("", "")


@pytest.mark.django_db
def test_nobody_learns_from_a_field_whether_an_address_has_an_account():
    UserFactory(email="known@example.org")
    page = sign_up()

    with CaptureQueriesContext(
        connection,
    ) as asked:
        known = page.checked("email", page.boxes | {"email": "known@example.org"})
    unknown = page.checked("email", page.boxes | {"email": "unknown@example.org"})

    assert known.text == unknown.text
    assert [query for query in asked if "accounts_user" in query["sql"]] == []


@pytest.mark.django_db
def test_fields_have_a_limit_of_their_own(settings):
    page = sign_up()
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "field_check": "2/m/ip",
        "signup": "1/m/ip",
    }
    cache.clear()

    answers = [page.checked("city", page.boxes | {"city": ""}) for _n in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].text == ""
    assert page.sent(page.boxes | {"city": ""}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["key", "nothing", "fingerprint", "csrfmiddlewaretoken"])
def test_only_fields_that_are_shown_are_checked(name):
    page = PAGES["accounts:add-dependant"]()

    assert page.checked(name, page.boxes).status_code == 404


@pytest.mark.django_db
def test_opening_a_page_is_logged_and_its_checks_are_not():
    page = PAGES["accounts:edit-patient"]()
    read = AuditEvent.objects.filter(action=Action.READ)
    counts = [read.count()]

    for headers in ({}, {"HX-Request": "true"}):
        page.client.get(page.address, headers=headers)
        page.checked("city", page.boxes)
        counts.append(read.count())

    assert counts == [1, 2, 3]


@pytest.mark.django_db
def test_a_check_needs_the_token_of_the_form():
    client = Client(enforce_csrf_checks=True)

    assert client.post("/accounts/signup/", SIGN_UP, headers={HEADER: "city"}).status_code == 403


@pytest.mark.django_db
def test_a_check_needs_the_login_and_the_right_of_its_page():
    page = PAGES["accounts:edit-patient"]()
    stranger = Client()

    assert stranger.post(page.address, page.boxes, headers={HEADER: "city"}).status_code == 302
    stranger.force_login(UserFactory())
    assert stranger.post(page.address, page.boxes, headers={HEADER: "city"}).status_code == 404


@pytest.mark.django_db
def test_a_page_that_is_opened_with_the_header_is_the_page():
    assert Client().get("/accounts/signup/", headers={HEADER: "city"}).context["form"].errors == {}
