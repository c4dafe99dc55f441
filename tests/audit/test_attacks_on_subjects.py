"""Rows removed from or added to the index of patients are named."""

import pytest

from audit.capture.recorder import Entry, Subject, write
from audit.evidence.verification.log import LogCheck, SubjectCheck
from audit.models import Action, AuditEvent, AuditSubject

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U04")]


def show(*patients: int) -> AuditEvent:
    (event,) = write([Entry(Action.READ, Subject(), details={"patients": list(patients)})])
    AuditSubject.objects.bulk_create([AuditSubject(event_id=event.pk, patient_id=pk) for pk in patients])
    return event


@pytest.fixture
def event(db) -> AuditEvent:
    show(1)
    event = show(2, 3)
    show(4)
    return event


def test_nothing_is_found_where_nothing_was_done(event, findings):
    assert findings() == []


def test_a_patient_taken_out_is_named(event, findings, sql):
    sql("DELETE FROM audit_auditsubject WHERE patient_id = 3")

    assert findings() == [{"kind": "missing_subject", "entry": event.pk, "patient": 3}]


def test_a_patient_exchanged_for_another_is_named_and_so_is_the_other(event, findings, sql):
    sql("UPDATE audit_auditsubject SET patient_id = 9 WHERE patient_id = 3")

    assert findings() == [
        {"kind": "missing_subject", "entry": event.pk, "patient": 3},
        {"kind": "extra_subject", "entry": event.pk, "patient": 9},
    ]


@pytest.mark.parametrize("place", [1, 2**62])
def test_a_patient_put_to_an_entry_that_is_not_there_is_named(place, event, findings):
    AuditSubject.objects.create(event_id=place, patient_id=9)

    assert findings() == [{"kind": "extra_subject", "entry": place, "patient": 9}]


@pytest.mark.parametrize("details", ['{"patients": [2]}', '{"patients": "x"}', '{"patients": [[]]}', "7"])
def test_an_entry_that_was_changed_is_named_for_that_alone(details, event, findings, sql):
    sql("UPDATE audit_auditevent SET details = %s WHERE id = %s", details, event.pk)

    assert findings() == [{"kind": "forged_entry", "entry": event.pk}]


def test_an_entry_that_comes_while_the_log_is_read_is_not_named(event):
    check, page = SubjectCheck(0), list(AuditEvent.objects.order_by("pk").values())
    show(5)

    assert list(check.findings(page, None, set())) == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_one_query(count, django_assert_num_queries):
    for number in range(count):
        show(number)
    page = list(AuditEvent.objects.order_by("pk").values())

    with django_assert_num_queries(1):
        assert list(SubjectCheck(0).findings(page, None, set())) == []


def test_everybody_taken_out_is_named(event, sql):
    sql("DELETE FROM audit_auditsubject")

    assert len(list(LogCheck().findings())) == 4
