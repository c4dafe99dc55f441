"""A service's entries are inserted together, and none for a row that was rolled back."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.capture import recorder
from hms.core.transactions import retried_atomic
from tests.factories import PatientFactory
from tests.racing import losing_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("U01")]


def add(name: str) -> None:
    PatientFactory(full_name=name)


@retried_atomic
def adding(*names: str) -> None:
    for name in names:
        add(name)


def logged(log) -> list[str]:
    return [event.changes["full_name"][1] for event in log.events(model="accounts.patient")]


def inserts(queries) -> int:
    return sum("INSERT INTO" in query["sql"] and "audit_auditevent" in query["sql"] for query in queries)


def test_the_lines_of_a_service_are_one_insert(log):
    with CaptureQueriesContext(connection) as queries:
        adding("a", "b", "c")

    assert (logged(log), inserts(queries)) == (["a", "b", "c"], 1)


def test_more_than_are_held_back_are_inserted_on_the_way(log, monkeypatch):
    monkeypatch.setattr(recorder, "BATCH", 2)

    adding("a", "b", "c")

    assert logged(log) == ["a", "b", "c"]


def test_a_service_that_fails_leaves_no_line(log):
    @retried_atomic
    def failing():
        add("a")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        failing()

    assert logged(log) == []


def test_a_savepoint_that_rolls_back_within_a_service_takes_its_lines_along(log):
    @retried_atomic
    def half():
        add("a")
        try:
            with transaction.atomic():
                add("b")
                raise ValueError
        except ValueError:
            add("c")

    half()

    assert logged(log) == ["a", "c"]


def test_a_service_within_a_service_keeps_its_lines_or_loses_them_by_itself(log):
    @retried_atomic
    def failing():
        add("c")
        raise ValueError

    @retried_atomic
    def outer():
        add("a")
        adding("b")
        with pytest.raises(ValueError):  # noqa: PT011
            failing()

    outer()

    assert sorted(logged(log)) == ["a", "b"]


def test_a_service_within_a_plain_transaction_is_logged_when_it_ends(log):
    with transaction.atomic():
        adding("a")
        assert logged(log) == ["a"]
        transaction.set_rollback(True)

    assert logged(log) == []


def test_a_service_that_loses_and_is_run_again_is_logged_once(log):
    with losing_once("INSERT INTO", "audit_auditevent"):
        adding("a")

    assert logged(log) == ["a"]


def test_a_service_that_decides_to_roll_back_leaves_no_line_and_no_error(log):
    @retried_atomic
    def changing_its_mind():
        add("a")
        transaction.set_rollback(True)

    changing_its_mind()

    assert logged(log) == []
