"""Entries under a replaced key are named; seals written during a check make no entry look late."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audit.capture.recorder import Entry, Subject, write
from audit.evidence.seals import seal_log
from audit.evidence.verification.log import LogCheck
from audit.models import Action, AuditEvent, AuditSeal
from audit.signing.identifiers import new_key

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U04")]
NEW = ["1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]


def look() -> AuditEvent:
    return write([Entry(Action.READ, Subject())])[0]


@pytest.fixture
def late(settings, time_machine) -> AuditEvent:
    """What somebody with the old key wrote an hour after the new one came."""
    settings.AUDIT_KEYS = NEW
    look()
    seal_log()
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    settings.AUDIT_KEYS = []
    return look()


def test_a_key_is_replaced(reads, findings, settings):
    look()
    settings.AUDIT_KEYS = NEW
    seal_log()
    look()
    seal_log()

    assert findings() == []


def test_an_entry_under_a_key_that_was_replaced_is_named(reads, late, findings, settings):
    settings.AUDIT_KEYS = NEW

    assert findings() == [{"kind": "old_key_entry", "entry": late.pk}]


def test_a_seal_under_a_key_that_was_replaced_is_named(reads, late, findings, settings):
    seal_log()
    settings.AUDIT_KEYS = NEW

    number = AuditSeal.objects.last().number
    assert findings() == [
        {"kind": "old_key_seal", "seal": number},
        {"kind": "old_key_entry", "entry": late.pk, "seal": number},
    ]


@pytest.mark.parametrize("read_seals_first", [1, 2, 3])
def test_old_entries_are_not_named_while_the_first_seals_are_written(read_seals_first):
    old = AuditEvent(id=new_key() - (1 << 22) * 3_600_000 * 48, action="read", source="page")
    old.save()
    looks = 0

    def seal_after_a_look(execute, sql, params, many, context):
        nonlocal looks
        result = execute(sql, params, many, context)
        if "audit_auditseal" in sql:
            looks += 1
            if looks == read_seals_first:
                seal_log()
        return result

    with connection.execute_wrapper(seal_after_a_look):
        found = list(LogCheck().findings())

    assert AuditSeal.objects.count() == 1
    assert found == []
