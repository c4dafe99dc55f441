"""New rows of logged models are inserted with a statement that is compiled once."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower

from accounts.models import Patient
from hms.core import inserts
from tests.factories import PatientFactory

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_compiled():
    inserts._compiled.clear()


def patients(count: int) -> list[Patient]:
    return [
        Patient(
            mrn=f"T{n:06}",
            full_name=f"Ä%s {n} 😀",
            date_of_birth=date(1980, 1, n + 1),
            gender="female",
            phone=f"+9198450123{n:02}",
            registered_at=MOMENT,
        )
        for n in range(count)
    ]


def stored() -> list[dict]:
    rows = Patient.objects.order_by("mrn").values()
    return [{name: value for name, value in row.items() if name not in {"id", "reference"}} for row in rows]


def test_rows_equal_those_stored_by_django():
    Patient.objects.bulk_create(patients(3))
    through_us = stored()
    assert inserts._compiled
    QuerySet(Patient)._raw_delete("default")

    rows = patients(3)
    for row in rows:
        row.set_keys()
    QuerySet.bulk_create(QuerySet(Patient), rows)

    assert through_us == stored()


def test_rows_have_their_keys_afterwards():
    rows = patients(3)
    for row in rows:
        row.save()

    assert [row.pk for row in rows] == list(Patient.objects.order_by("mrn").values_list("pk", flat=True))


def test_the_second_row_of_a_kind_is_not_compiled_again(monkeypatch):
    first, second = patients(2)
    first.save()
    monkeypatch.setattr(inserts, "_compile", None)

    second.save()

    assert Patient.objects.count() == 2


def test_an_expression_is_evaluated_by_the_database():
    (row,) = patients(1)
    row.emergency_contact_name = Lower(Value("LOUD"))

    row.save()

    assert Patient.objects.values_list("emergency_contact_name", flat=True).get() == "loud"


def test_the_number_of_kept_statements_is_limited(monkeypatch):
    monkeypatch.setattr(inserts, "MOST_STATEMENTS", 2)
    rows = patients(6)

    for portion in (rows[:1], rows[1:3], rows[3:]):
        Patient.objects.bulk_create(portion)

    assert Patient.objects.count() == len(rows)
    assert len(inserts._compiled) <= 2


def test_statements_are_kept_separately_for_each_database():
    PatientFactory()

    assert {key[0] for key in inserts._compiled} == {connection.vendor}
