"""Every operation of the API, called by everybody with the references of somebody else's household."""

import json
from collections.abc import Iterator

import pytest
from django.db import transaction

from accounts.roles import Role
from audit.models import AuditEvent
from hms.api.docs import SCHEMA
from hms.core.references import new_reference
from tests.api.calls import Caller
from tests.factories import DoctorFactory, PatientFactory, carer_of, staff
from tests.owned import Household, make_household
from tests.webhooks.rows import queued, registered

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.feature("I01")]

BASE = "/api/v1/"
PATHS = json.loads(SCHEMA.read_text())["paths"]
# Those below auth/ are about no row; tests/api/test_tokens.py has them.
OPERATIONS = [
    (method, path.removeprefix(BASE))
    for path, item in PATHS.items()
    if "/auth/" not in path
    for method in item
]
EVERYBODY, LOGINS, NOBODY = {"nobody", *Role}, set(Role), set()
DESK = {Role.RECEPTIONIST, Role.ADMINISTRATOR}
SEE_ALL = DESK | {Role.BILLING_CLERK}
REFUND = {Role.BILLING_CLERK, Role.ADMINISTRATOR}
# Who may call an operation, by its address, and by method where that matters; all others: administrators.
MAY = {
    "users/": {"post": EVERYBODY},
    "users/me/": LOGINS,
    "family/": LOGINS,
    "departments/": {"get": EVERYBODY},
    "departments/{ref}/": {"get": EVERYBODY},
    "doctors/": {"get": EVERYBODY},
    "doctors/{ref}/": {"get": EVERYBODY},
    **dict.fromkeys(("departments/{ref}/slots/", "doctors/{ref}/slots/"), EVERYBODY),
    "bookings/{ref}/": {"get": SEE_ALL} | dict.fromkeys(("put", "patch", "delete"), DESK),
    "bookings/{ref}/transactions/": SEE_ALL,
    "invoices/{ref}/": SEE_ALL,
    "transactions/{ref}/": {"get": SEE_ALL} | dict.fromkeys(("put", "patch"), REFUND),
    "transactions/{ref}/refund/": REFUND,
    "reports/": SEE_ALL | {Role.DOCTOR, Role.LAB_TECHNICIAN, Role.NURSE},
    "reports/{ref}/": DESK | {Role.DOCTOR},
    **dict.fromkeys(("records/{ref}/", "prescriptions/{ref}/", "results/{ref}/"), NOBODY),
    **dict.fromkeys(("bookings/", "records/", "prescriptions/", "results/"), LOGINS),
    **dict.fromkeys(("invoices/", "transactions/"), LOGINS),
}
ROWS = {
    "bookings": "appointment",
    "records": "encounter",
    "prescriptions": "prescription",
    "results": "labresult",
    "invoices": "invoice",
    "transactions": "payment",
}
# What no operation takes: those who may call it are told so.
BODY = {"status": 1, "kind": 1, "name": "", "weekday": "x", "fee": "x", "email": 1, "phone": 1}


def may(method: str, path: str) -> set[str]:
    people = MAY.get(path, {})
    return people if isinstance(people, set) else people.get(method, {Role.ADMINISTRATOR})


def filled(household: Household, path: str, carer: Caller) -> Iterator[str]:
    """The address with each row that it may be about, of those that open for the carer."""
    kind = path.partition("/")[0]
    if kind == "webhooks":
        row = queued(registered(name=new_reference()))
        yield path.replace("{ref}", row.endpoint.reference).replace("{delivery}", row.reference)
        return
    if kind not in ROWS or "{" not in path:
        named = {"departments": household.doctor.department.slug, "reports": "patients"}
        ref = named.get(kind, household.doctor.reference)
        number = (
            (household.doctor.exceptions if "exceptions" in path else household.doctor.schedules).first().pk
        )
        yield path.replace("{ref}", ref).replace("{number}", str(number))
        return
    rows = [row.reference for row in household.rows if row._meta.model_name == ROWS[kind]]
    open_ones = [ref for ref in rows if opens(carer, f"{kind}/{ref}/")]
    assert open_ones, f"tests/<app>/owned.py must make a row for {path}"
    yield from (path.replace("{ref}", ref) for ref in open_ones)


def opens(caller: Caller, address: str) -> bool:
    return caller.get(address).status_code == 200


@pytest.fixture
def strangers() -> dict[str, Caller]:
    """One stranger to the household for each role, and nobody in particular."""
    people = {role: staff(role) for role in Role if role != Role.PATIENT}
    DoctorFactory(user=people[Role.DOCTOR])
    people[Role.PATIENT] = carer_of(PatientFactory())
    return {role: Caller(user) for role, user in people.items()} | {"nobody": Caller()}


def called(caller: Caller, method: str, address: str) -> tuple[bool, int]:
    """Whether the caller may, and how many refused accesses were logged; whatever was done is undone."""
    before = AuditEvent.objects.filter(outcome="refused").count()
    with transaction.atomic():
        answer = caller(method, address, BODY if method in ("post", "put", "patch") else None)
        refused = AuditEvent.objects.filter(outcome="refused").count() - before
        transaction.set_rollback(True)
    is_refused = answer.status_code in (401, 403, 404) and "no_own_patient" not in answer.text
    return not is_refused, refused


def test_each_operation_is_open_to_the_people_of_its_line_and_to_no_other(strangers):
    household = make_household()
    household.doctor.exceptions.create(
        kind="leave", starts_at="2020-01-01T00:00:00Z", ends_at="2020-01-02T00:00:00Z"
    )
    carer, wrong = Caller(household.carer), {}
    for method, path in OPERATIONS:
        for address in filled(household, path, carer):
            found = {who: called(caller, method, address) for who, caller in strangers.items()}
            passed = {who for who, (is_open, _refused) in found.items() if is_open}
            is_private = address.partition("/")[0] in ROWS and "{" in path
            logged = {who for who, (_is_open, refused) in found.items() if refused}
            if passed != may(method, path) or logged != (LOGINS - passed if is_private else set()):
                wrong[method, address] = {"open to": passed, "logged for": logged}
    assert wrong == {}


def test_the_table_names_no_operation_that_is_not_there():
    assert {path for _method, path in OPERATIONS} >= set(MAY)
