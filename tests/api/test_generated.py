"""Requests made up from the description, valid and not, sent by everybody; `make fuzz` sends many more.

None gets an error of ours, an answer that is not described, or one that is not as described.
"""

import os
from itertools import product

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.calls import Caller
from tests.factories import staff
from tests.owned import Household, make_household
from tests.webhooks.rows import registered

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.feature("I02")]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))  # of each operation, person and kind
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
QUICK = hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.generate],
)
PEOPLE = ["nobody", "carer", "doctor", "receptionist", "administrator"]


@pytest.fixture
def one_connection():
    """As the test client does: the requests are within the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def household(settings, one_connection) -> Household:
    settings.API = settings.API | dict.fromkeys(
        ("requests_a_minute_of_a_login", "requests_a_minute_of_an_address"), 10**9
    )
    return make_household()


def caller(household: Household, who: str) -> Caller:
    if who == "nobody":
        return Caller()
    if who == "carer":
        return Caller(household.carer)
    return Caller(household.doctor.user if who == "doctor" else staff(who))


def references(household: Household) -> list[str]:
    doctor = household.doctor
    rows = [row.reference for row in household.rows if hasattr(row, "reference")]
    others = [doctor.reference, doctor.department.slug, household.patient.reference]
    return [*others, registered().reference, *rows]


@pytest.mark.parametrize("who", PEOPLE)
def test_answers_are_as_described(who, household):
    headers = caller(household, who).headers
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
    known = st.sampled_from(references(household))
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation, mode in product(operations, (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)):
        try:
            strategy = operation.as_strategy(generation_mode=mode)
            send_cases(strategy, known, headers)
        except hypothesis.errors.Unsatisfiable:
            continue  # nothing about the operation can be wrong

    assert len(operations) > 40


def send_cases(strategy, known, headers: dict) -> None:
    @QUICK
    @hypothesis.given(case=strategy, ref=known, is_real=st.booleans())
    def send(case, ref, is_real):
        if is_real and "ref" in (case.path_parameters or {}):
            case.path_parameters["ref"] = ref
        if is_real and isinstance(case.body, dict):
            case.body |= {name: ref for name in ("doctor", "patient") if name in case.body}
        with transaction.atomic():
            response = case.call(headers=headers, environ_overrides={"REMOTE_ADDR": "127.0.0.1"})
            transaction.set_rollback(True)
        case.validate_response(response, checks=CHECKS, headers=headers)

    send()
