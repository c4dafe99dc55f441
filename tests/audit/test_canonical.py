"""The hashed form is the one that both databases return."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured

from audit.capture.context import audit_context
from audit.capture.recorder import Subject, record_event
from audit.models import Action, AuditEvent
from audit.signing.canonical import READ, canonical, mac_of
from audit.signing.keys import key_of, parse, writing_key

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U04")]

KEYS = ["1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "2:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="]


def as_read(event) -> dict:
    return AuditEvent.objects.filter(pk=event.pk).values(*READ).get()


@pytest.mark.parametrize(
    "address", [None, "192.0.2.7", "2001:DB8:0::1", "::ffff:192.0.2.7", "::FFFF:c000:207"]
)
def test_an_entry_is_hashed_as_it_is_read_back(address):
    subject = Subject("accounts.patient", 7, "Ünïcode 😀 \u2028 'quoted' \\ ", patient_id="7")
    details = {"10": [1.5, 1e20, 0.1], "2": None, 3: {"b": True, "a": (1, 2)}, "text": 'x\n\t"é😀'}

    with audit_context(address=address, extra={"screen": "card"}):
        event = record_event(
            Action.EXPORT, subject=subject, details=details, changes={"b": [1, "ä"], "a": [None, 2]}
        )

    assert canonical(as_read(event)) == canonical(vars(event))
    assert as_read(event)["mac"] == event.mac == mac_of(as_read(event), writing_key()[1])


def test_what_is_hashed_names_every_column_that_is_not_empty():
    event = AuditEvent(
        id=7, action="read", outcome="done", source="page", recorded_at=datetime(2026, 1, 5, 9, tzinfo=UTC)
    )

    assert canonical(vars(event)) == (
        b'{"action":"read","id":7,"outcome":"done","recorded_at":"2026-01-05T09:00:00.000000+00:00","source":"page"}'
    )
    assert {field.attname for field in AuditEvent._meta.concrete_fields} == set(READ)


@pytest.mark.parametrize("column", [name for name in READ if name != "mac"])
def test_a_change_of_any_column_changes_the_hash(column):
    row = as_read(record_event(Action.READ, subject=Subject("accounts.patient", 7, "T7", 7)))
    before = canonical(row)

    changed = datetime(2020, 1, 1, tzinfo=UTC) if column == "recorded_at" else "other"

    assert canonical(row | {column: changed}) != before


def test_the_highest_version_writes_and_all_verify(settings):
    old = record_event(Action.READ)
    settings.AUDIT_KEYS = KEYS
    new = record_event(Action.READ)

    assert (old.key_version, new.key_version) == (0, 2)
    for event in (old, new):
        assert mac_of(as_read(event), key_of(event.key_version)) == event.mac
    assert key_of(1) not in {None, key_of(2), key_of(0)}
    assert key_of(3) is None


def test_rows_that_are_added_by_the_model_are_hashed_too():
    event = AuditEvent(action="read", source="shell")
    event.save()

    assert event.mac == mac_of(as_read(event), writing_key()[1])


@pytest.mark.parametrize("text", ["x", "0:AAAA", "1:", "1:not base64!", "one:AAAA"])
def test_a_key_that_is_none_is_refused(text):
    with pytest.raises(ImproperlyConfigured, match="AUDIT_KEYS"):
        parse((text,))


def test_a_version_is_not_given_twice():
    with pytest.raises(ImproperlyConfigured, match="AUDIT_KEYS"):
        parse(("1:AAAA", "1:AQEB"))
