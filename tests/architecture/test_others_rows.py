"""A page of another person's row answers as if it did not exist, and the attempt is logged.

There is no list of pages: each address with an argument is tried with every row that belongs to a patient.
A page that opens for the carer of the row must not exist for anybody else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db.models import Model
from django.test import Client

from accounts.models import Guardianship, PatientOwned, Scope, User
from accounts.roles import Role
from audit.models import AuditEvent, Outcome
from hms.site.roles import ROLES
from tests.addresses import ADMIN_ROUTES, OUR_ROUTES, filled
from tests.architecture.test_access import PUBLIC
from tests.factories import DoctorFactory, GuardianshipFactory, PatientFactory, at, carer_of, staff
from tests.owned import Household, make_household

pytestmark = pytest.mark.django_db

# page: why its argument is not private
OF_ANYBODY = {
    "scheduling:start-booking": "takes a doctor's reference, which is public",
    "scheduling:revoke-feed": "takes a feed, which belongs to a login and to no patient",
    "site:book-now": "takes a doctor's reference, which is public",
}
PRIVATE = {name: route for name, route in OUR_ROUTES if "<" in route and name not in {*PUBLIC, *OF_ANYBODY}}
OPENED = (200, 302)
# Form data that no page of ours sends.
POSTED = {"outcome": "paid", "pay": "desk", "reason": "x", "post": "yes"}


@dataclass(frozen=True)
class Page:
    """An address that refers to a row."""

    name: str
    address: str
    row: PatientOwned


@pytest.fixture
def household() -> Household:
    return make_household()


@pytest.fixture
def ask():
    clients: dict[User, Client] = {}

    def answer(user: User, address: str, method: str = "get"):
        if user not in clients:
            clients[user] = Client()
            clients[user].force_login(user)
        return getattr(clients[user], method)(address, POSTED if method == "post" else {})

    return answer


# The row of each page, by its index in the household; found once, as it is the same in every test.
_takes: dict[str, int | None] = {}


def own_pages(household: Household, ask) -> list[Page]:
    """The private pages that open for the carer, each with a row that fits."""
    for name in PRIVATE.keys() - _takes.keys():
        places = range(len(household.rows))
        _takes[name] = next((place for place in places if opens(household, ask, name, place)), None)
    taken = {name: household.rows[place] for name, place in _takes.items() if place is not None}
    return [Page(name, filled(PRIVATE[name], row.reference), row) for name, row in taken.items()]


def opens(household: Household, ask, name: str, place: int) -> bool:
    reference = getattr(household.rows[place], "reference", None)
    return bool(reference) and ask(household.carer, filled(PRIVATE[name], reference)).status_code in OPENED


def staff_pages(household: Household) -> Iterator[Page]:
    """Each page of the staff site that takes a primary key, with a row."""
    for row in {type(row): row for row in household.rows}.values():
        start = f"admin:{row._meta.app_label}_{row._meta.model_name}_"
        for name, route in ADMIN_ROUTES:
            if name.startswith(start) and "<path:object_id>" in route:
                yield Page(name, filled(route, row.pk), row)


@pytest.fixture
def strangers(household):
    """People without access to the row: other carers, staff without the permission, a doctor of others."""
    former = carer_of(*[guardianship.patient for guardianship in household.carer.guardianships.all()])
    Guardianship.objects.filter(user=former).update(revoked_at=at(9, days=-1))
    carers = {"another carer": carer_of(PatientFactory()), "a former carer": former}
    roles = {role: staff(role) for role in Role if role != Role.PATIENT}
    DoctorFactory(user=roles[Role.DOCTOR])

    def to(model: type[Model]) -> dict[str, User]:
        screen = f"{model._meta.app_label}.view_{model._meta.model_name}"
        at_work = [role for role in roles if screen not in ROLES[role]][:1]
        if model.view_every_permission not in ROLES[Role.DOCTOR]:
            at_work = {*at_work, Role.DOCTOR}
        return carers | {role.value: roles[role] for role in at_work}

    return to


def refusals_of(user: User) -> int:
    return AuditEvent.objects.filter(actor=user, outcome=Outcome.REFUSED, patient_id__isnull=False).count()


def test_every_private_page_opens_for_the_carer_with_some_row(household, ask):
    tried = {page.name for page in own_pages(household, ask)}

    assert PRIVATE.keys() - tried == set(), "tests/<app>/owned.py must make a row for these pages"


def test_a_page_of_another_persons_row_does_not_exist_and_the_attempt_is_logged(household, ask, strangers):
    wrong = {}
    for page in own_pages(household, ask):
        for who, stranger in strangers(type(page.row)).items():
            before = refusals_of(stranger)
            status = ask(stranger, page.address).status_code
            logged = refusals_of(stranger) - before
            if (status, logged) != (404, 1):
                wrong[page.name, who] = f"answers {status}, lines in the log: {logged}"

    assert wrong == {}


def test_a_stranger_cannot_change_a_row(household, ask):
    pages = own_pages(household, ask)
    stranger = carer_of(PatientFactory())
    before = state_of(household)

    answers = {page.name: ask(stranger, page.address, "post").status_code for page in pages}

    assert {name: status for name, status in answers.items() if status not in (404, 405)} == {}
    assert state_of(household) == before


def state_of(household: Household) -> list[dict]:
    return [type(row)._base_manager.filter(pk=row.pk).values().get() for row in household.rows]


def test_a_row_and_its_history_open_in_the_staff_site_for_a_doctor_who_may_see_it(household, ask):
    closed = {
        page.name: status
        for page in staff_pages(household)
        if page.name.endswith(("_change", "_history"))
        and (status := ask(household.doctor.user, page.address).status_code) != 200
    }

    assert closed == {}


def test_a_row_in_the_staff_site_does_not_exist_for_others_and_the_attempt_is_logged(
    household, ask, strangers
):
    wrong = {}
    for page in staff_pages(household):
        for who, stranger in strangers(type(page.row)).items():
            before = refusals_of(stranger)
            answer = ask(stranger, page.address)
            answer = ask(stranger, page.address, "post") if answer.status_code == 405 else answer
            logged = refusals_of(stranger) - before
            if not is_sent_away(answer) or logged != stranger.is_staff:
                wrong[page.name, who] = f"answers {answer.status_code}, lines in the log: {logged}"

    assert wrong == {}


def is_sent_away(answer) -> bool:
    """Whether the answer is 403, 404, or a redirect to the index of the staff site or its login."""
    elsewhere = ("/admin/", f"/admin/login/?next={answer.request['PATH_INFO']}")
    return answer.status_code in (403, 404) or (answer.status_code == 302 and answer.url in elsewhere)


def test_a_carer_sees_only_rows_that_a_scope_of_the_guardianship_allows(household):
    wrong = set()
    for row in household.rows:
        if row.carer_grounds.__func__ is not PatientOwned.carer_grounds.__func__:
            continue
        patient = type(row).objects.filter(pk=row.pk).values_list(row.to_patient, flat=True).get()
        for scope in Scope:
            rights = dict.fromkeys(Scope, False) | {scope: True}
            carer = GuardianshipFactory(patient=None, patient_id=patient, **rights).user
            sees = type(row).objects.visible_to(carer).filter(pk=row.pk).exists()
            if sees != (scope in row.guardian_scopes):
                wrong.add((row._meta.label, scope.value))

    assert wrong == set()


def test_a_page_shown_for_one_person_of_another_family_does_not_exist(household, ask):
    """Such a page offers to choose among one's people, with `?person=` in its links to itself."""
    second = GuardianshipFactory(user=household.carer).patient
    stranger = PatientFactory()
    choosing = re.compile(rf'href="\?[^"]*person={second.reference}')
    routes = [route for _name, route in OUR_ROUTES if "<" not in route]
    pages = [route for route in routes if choosing.search(ask(household.carer, route).content.decode())]

    answers = {
        whose: {ask(household.carer, f"{page}?person={whose}").status_code for page in pages}
        for whose in (second.reference, stranger.reference, "NOBODYHERE", "")
    }

    assert "/me/records/" in pages
    assert answers == {second.reference: {200}, stranger.reference: {404}, "NOBODYHERE": {404}, "": {200}}
    refused = AuditEvent.objects.filter(outcome=Outcome.REFUSED, patient_id=stranger.pk)
    assert refused.count() == len(pages)
