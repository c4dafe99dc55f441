"""`verify_audit` names claims that SQL deleted or added, and none that the services changed."""

import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from hms.core.rights import SYSTEM
from scheduling import claims_check
from scheduling.cells import cell_of
from scheduling.models import Appointment, PatientClaim, SlotClaim
from scheduling.services import (
    book_appointment,
    cancel_appointment,
    check_in,
    expire_holds,
    hold_slot,
    mark_no_show,
    purge_claims,
    reschedule_appointment,
)
from tests.factories import PatientFactory, at, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("U02")]


def findings() -> list[dict]:
    out = io.StringIO()
    try:
        call_command("verify_audit", json=True, no_progress=True, stdout=out)
        code = 0
    except SystemExit as end:
        code = end.code
    *found, last = map(json.loads, out.getvalue().splitlines())
    assert code == bool(found) == bool(last["summary"]["findings"])
    return found


def sql(statement: str, *params) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


@pytest.fixture
def nine() -> int:
    return cell_of(at(9))


@pytest.fixture
def visit(doctor, patient) -> Appointment:
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(11), by=SYSTEM)
    return book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)


def named(visit, kind: str, **rows) -> dict:
    said = {"missing_derived": "lacks what follows", "extra_derived": "has what does not follow"}[kind]
    changes = {f"scheduling.{model}": claims for model, claims in rows.items()}
    text = f"scheduling.appointment {visit.pk} {said} from it: {', '.join(changes)}."
    return {"kind": kind, "model": "scheduling.appointment", "object_pk": str(visit.pk)} | {
        "changes": changes,
        "text": text,
    }


def slot(visit, cell: int, **other) -> dict:
    return {"doctor_id": visit.doctor_id, "cell": cell, "seat": 0} | other


def test_claims_written_by_the_services_have_no_findings(doctor, visit):
    held = hold_slot(patient=PatientFactory(), doctor=doctor, starts_at=at(10), by=SYSTEM)
    hold_slot(patient=PatientFactory(), doctor=doctor, starts_at=at(9, 30), by=SYSTEM)
    cancel_appointment(appointment=held, by=SYSTEM)
    reschedule_appointment(appointment=visit, starts_at=at(10, 30), by=SYSTEM)
    missed = book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)
    with time_machine.travel(at(9, 10), tick=False):
        expire_holds()
        mark_no_show(appointment=missed, by=SYSTEM)
        late = book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(10, days=0), by=SYSTEM)
        check_in(appointment=late, by=SYSTEM)

        assert findings() == []


@pytest.mark.parametrize("over", [timedelta(0), timedelta(minutes=12), timedelta(days=10)])
def test_purged_claims_have_no_findings(visit, over):
    with time_machine.travel(at(9) + over, tick=False):
        purge_claims(before=timezone.now())

        assert findings() == []


@pytest.mark.parametrize("page", [1, 500])
def test_a_claim_deleted_by_sql_is_named(visit, nine, monkeypatch, page):
    monkeypatch.setattr(claims_check, "PAGE", page)
    sql("DELETE FROM scheduling_slotclaim WHERE appointment_id = %s AND cell = %s", visit.pk, nine + 2)
    sql("DELETE FROM scheduling_patientclaim WHERE appointment_id = %s AND cell > %s", visit.pk, nine + 4)

    assert findings() == [
        named(
            visit,
            "missing_derived",
            slotclaim=[slot(visit, nine + 2)],
            patientclaim=[{"patient_id": visit.patient_id, "cell": nine + 5}],
        )
    ]


def test_an_appointment_without_any_claim_is_named(visit):
    SlotClaim.objects.filter(appointment=visit).delete()
    PatientClaim.objects.filter(appointment=visit).delete()

    (finding,) = findings()

    assert (finding["kind"], finding["object_pk"]) == ("missing_derived", str(visit.pk))
    assert [len(rows) for rows in finding["changes"].values()] == [6, 6]


def test_a_claim_added_by_sql_is_named(visit, nine):
    SlotClaim.objects.create(appointment=visit, doctor_id=visit.doctor_id, cell=nine + 9)

    assert findings() == [named(visit, "extra_derived", slotclaim=[slot(visit, nine + 9)])]


def test_claims_of_an_appointment_that_holds_no_time_are_named(visit, nine):
    cancel_appointment(appointment=visit, by=SYSTEM)
    PatientClaim.objects.create(appointment=visit, patient_id=visit.patient_id, cell=nine)

    rows = [{"patient_id": visit.patient_id, "cell": nine}]
    assert findings() == [named(visit, "extra_derived", patientclaim=rows)]


def test_a_claim_moved_to_another_doctor_is_both_missing_and_surplus(visit, nine):
    other = doctor_with_hours()
    sql("UPDATE scheduling_slotclaim SET doctor_id = %s WHERE cell = %s", other.pk, nine)

    assert findings() == [
        named(visit, "missing_derived", slotclaim=[slot(visit, nine)]),
        named(visit, "extra_derived", slotclaim=[slot(visit, nine, doctor_id=other.pk)]),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_check_takes_the_same_queries_for_one_and_three_appointments(
    doctor, count, django_assert_num_queries
):
    for hour in range(count):
        book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9 + hour), by=SYSTEM)

    with django_assert_num_queries(9):
        assert list(claims_check.check_claims(lambda _number: None)) == []
