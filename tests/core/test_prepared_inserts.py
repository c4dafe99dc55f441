"""New rows of the audited models are written with a statement that was compiled once."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower

from accounts.models import Patient
from hms.core import inserts
from scheduling.models import Doctor
from tests.factories import DepartmentFactory, PatientFactory

pytestmark = pytest.mark.django_db


def doctors(count: int, department, **fields) -> list[Doctor]:
    given = {
        "department": department, "registration_expires_on": date(2099, 1, 1), "specialization": "General",
        "category": "consultant", "degree": "MBBS", "practising_since": 2000, "fee": Decimal("450.50"),
    }  # fmt: skip
    return [
        Doctor(full_name=f"Dr {n} Ä%s😀", registration_number=f"R-{n}", **given | fields)
        for n in range(count)
    ]


def stored() -> list[dict]:
    return list(Doctor.objects.order_by("pk").values())


def test_rows_hold_what_django_itself_would_have_stored():
    department = DepartmentFactory()
    ours = doctors(3, department)
    Doctor.objects.bulk_create(ours)
    through_us = stored()
    Doctor.objects.all()._raw_delete("default")

    QuerySet.bulk_create(QuerySet(Doctor), doctors(3, department))

    unlike = {"id", "reference"}
    assert [{k: v for k, v in row.items() if k not in unlike} for row in through_us] == [
        {k: v for k, v in row.items() if k not in unlike} for row in stored()
    ]


def test_rows_know_their_keys_afterwards():
    ours = doctors(3, DepartmentFactory())
    for one in ours:
        one.save()

    assert [one.pk for one in ours] == list(Doctor.objects.order_by("pk").values_list("pk", flat=True))


def test_the_second_row_of_a_kind_is_not_compiled_again(monkeypatch):
    PatientFactory()
    monkeypatch.setattr(inserts, "_compile", None)

    PatientFactory(full_name="Second")

    assert Patient.objects.filter(full_name="Second").count() == 1


def test_an_expression_is_left_to_the_database():
    (one,) = doctors(1, DepartmentFactory(), biography="")
    one.biography = Lower(Value("LOUD"))

    one.save()

    assert Doctor.objects.values_list("biography", flat=True).get() == "loud"


def test_many_rows_go_the_usual_way():
    count = inserts.MOST_ROWS + 1

    Doctor.objects.bulk_create(doctors(count, DepartmentFactory()))

    assert Doctor.objects.count() == count
    assert all(key[-1] <= inserts.MOST_ROWS for key in inserts._compiled)


def test_a_statement_is_kept_for_each_database_by_itself():
    PatientFactory()

    assert {key[0] for key in inserts._compiled} == {connection.vendor}
