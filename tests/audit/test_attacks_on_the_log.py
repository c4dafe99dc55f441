"""Somebody with the database but without the key changes the log: each place is named."""

import pytest
from django.db import connection

from audit.capture.recorder import Entry, Subject, write
from audit.evidence.entries import pages
from audit.evidence.seals import seal_log, write_checkpoint
from audit.evidence.verification import log as reading
from audit.models import Action, AuditEvent, AuditSeal
from audit.signing.canonical import READ, mac_of, pack
from audit.signing.identifiers import new_key
from audit.signing.keys import digest

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U04")]


@pytest.fixture
def entries(monkeypatch) -> list[int]:
    """The keys of twelve entries under three seals, the last of which are the newest in the log."""
    seal_log()
    monkeypatch.setattr("audit.evidence.seals.SEAL_SIZE", 4)
    events = write(Entry(Action.READ, Subject("accounts.patient", n, f"T{n}", n)) for n in range(12))
    seal_log()
    return [event.pk for event in events]


@pytest.fixture
def checkpoints(entries, tmp_path):
    path = tmp_path / "checkpoints"
    write_checkpoint(AuditSeal.objects.last(), path)
    return path


def numbers_of(keys: list[int]) -> dict[int, int]:
    return {
        key: seal.number for seal in AuditSeal.objects.all() for key in seal.covered() if key in set(keys)
    }


def test_nothing_is_found_where_nothing_was_done(entries, checkpoints, findings):
    assert findings(checkpoints=checkpoints) == []


@pytest.mark.parametrize(
    "column", ["reason", "actor_label", "patient_id", "recorded_at", "changes", "action"]
)
def test_a_changed_entry_is_named(column, entries, findings, sql):
    values = {"patient_id": 99, "recorded_at": "2020-01-01 00:00:00", "changes": '{"a": [1, 2]}'}
    value = values.get(column, "other")

    sql(f"UPDATE audit_auditevent SET {column} = %s WHERE id = %s", value, entries[5])  # noqa: S608

    assert findings() == [
        {"kind": "changed_entry", "entry": entries[5], "seal": numbers_of(entries)[entries[5]]}
    ]


def test_an_entry_deleted_in_the_middle_is_named(entries, findings, sql):
    sql("DELETE FROM audit_auditevent WHERE id = %s", entries[5])

    assert findings() == [
        {"kind": "missing_entry", "entry": entries[5], "seal": numbers_of(entries)[entries[5]]}
    ]


def test_entries_deleted_at_the_end_are_named(entries, findings, sql):
    sql("DELETE FROM audit_auditevent WHERE id >= %s", entries[10])

    assert [(one["kind"], one["entry"]) for one in findings()] == [
        ("missing_entry", key) for key in entries[10:]
    ]


def test_an_end_cut_off_with_its_seal_is_found_by_the_checkpoint_that_was_kept(
    entries, checkpoints, findings, sql
):
    last = AuditSeal.objects.last()
    sql("DELETE FROM audit_auditevent WHERE id >= %s", last.first_id)
    sql("DELETE FROM audit_auditseal WHERE number = %s", last.number)

    assert findings() == []
    assert findings(checkpoints=checkpoints) == [{"kind": "cut_tail", "seal": last.number}]


def test_an_end_that_grew_again_after_it_was_cut_off_is_found_too(entries, checkpoints, findings, sql):
    last = AuditSeal.objects.last()
    sql("DELETE FROM audit_auditevent WHERE id >= %s", last.first_id)
    sql("DELETE FROM audit_auditseal WHERE number = %s", last.number)
    write([Entry(Action.READ, Subject())])
    seal_log()
    write_checkpoint(AuditSeal.objects.last(), checkpoints)

    assert findings(checkpoints=checkpoints) == [{"kind": "other_checkpoint", "seal": last.number}]


def test_an_entry_inserted_without_the_key_is_named(entries, findings, sql):
    columns = ", ".join(name for name in READ if name != "id")
    copy = "INSERT INTO audit_auditevent (id, {0}) SELECT id + 1, {0} FROM audit_auditevent WHERE id = %s"

    sql(copy.format(columns), entries[11])

    assert findings() == [{"kind": "forged_entry", "entry": entries[11] + 1}]


def test_an_entry_made_up_is_named(entries, findings):
    (event,) = AuditEvent.objects.bulk_create([AuditEvent(action="read", source="page", mac="a" * 64)])

    assert findings() == [{"kind": "forged_entry", "entry": event.pk}]


def test_a_late_entry_is_taken_in_by_the_next_seal_and_a_very_late_one_is_named(entries, findings):
    late, very_late = (AuditEvent(id=new_key() - (1 << 22) * 3_600_000 * hours) for hours in (2, 48))
    for event in (late, very_late):
        event.action, event.source = "read", "page"
        event.save()

    before = findings()
    seal_log()

    assert before == findings() == [{"kind": "unsealed_entry", "entry": very_late.pk}]
    assert late.pk in AuditSeal.objects.last().covered()


def test_two_entries_that_were_swapped_are_named_with_one_another(entries, findings, sql):
    one, other = entries[3], entries[8]
    for old, new in ((one, -1), (other, one), (-1, other)):
        sql("UPDATE audit_auditevent SET id = %s WHERE id = %s", new, old)

    found = [(finding["kind"], finding["entry"], finding["other"]) for finding in findings()]

    assert found == [("moved_entry", one, other), ("moved_entry", other, one)]


def test_an_entry_under_another_key_is_named_and_so_is_its_old_place(entries, findings, sql):
    sql("UPDATE audit_auditevent SET id = id + 99 WHERE id = %s", entries[5])

    found = [(finding["kind"], finding["entry"]) for finding in findings()]

    assert found == [("missing_entry", entries[5]), ("moved_entry", entries[5] + 99)]


def test_every_hash_computed_again_without_the_key_is_found(entries, findings, sql):
    key, total, previous = b"a guess", 0, ""
    sql("UPDATE audit_auditevent SET reason = %s WHERE id = %s", "other", entries[5])
    for page in pages():
        for row in page:
            sql("UPDATE audit_auditevent SET mac = %s WHERE id = %s", mac_of(row, key), row["id"])
    for seal in AuditSeal.objects.all():
        seal.previous, seal.total = previous, total + seal.count
        seal.cover(
            list(AuditEvent.objects.filter(pk__in=seal.covered()).values_list("pk", "mac").order_by("pk"))
        )
        seal.mac = digest(key, seal._content())
        sql(
            "UPDATE audit_auditseal SET root = %s, previous = %s, mac = %s WHERE number = %s",
            *(seal.root, seal.previous, seal.mac, seal.number),
        )
        total, previous = seal.total, seal.mac

    found = findings()

    of_kind = {
        kind: [one for one in found if one["kind"] == kind] for kind in ("changed_entry", "broken_seal")
    }
    assert len(of_kind["changed_entry"]) == AuditEvent.objects.count()
    assert len(of_kind["broken_seal"]) == AuditSeal.objects.count()
    assert len(found) == AuditEvent.objects.count() + AuditSeal.objects.count()


def test_an_entry_hashed_under_a_stolen_key_is_found_by_its_seal(entries, findings, sql):
    event = AuditEvent.objects.get(pk=entries[5])
    event.reason = "other"
    event.sign()

    sql("UPDATE audit_auditevent SET reason = 'other', mac = %s WHERE id = %s", event.mac, event.pk)

    assert findings() == [{"kind": "broken_root", "seal": numbers_of(entries)[entries[5]]}]


@pytest.mark.parametrize(
    ("column", "value"),
    [("root", "a" * 64), ("count", 3), ("total", 1), ("keys", pack([1])), ("keys", b"x"), ("mac", "a" * 64)],
)
def test_a_changed_seal_is_named(column, value, entries, findings, sql):
    number = AuditSeal.objects.last().number

    sql(
        f"UPDATE audit_auditseal SET {connection.ops.quote_name(column)} = %s WHERE number = %s",  # noqa: S608
        value,
        number,
    )

    assert {"kind": "broken_seal", "seal": number} in findings()


def test_a_seal_deleted_in_the_middle_is_named(entries, findings, sql):
    numbers = sorted(set(numbers_of(entries).values()))

    sql("DELETE FROM audit_auditseal WHERE number = %s", numbers[1])

    assert {"kind": "missing_seal", "seal": numbers[1]} in findings()


def test_a_seal_that_is_not_the_one_whose_checkpoint_was_kept_is_named(entries, checkpoints, findings):
    checkpoints.write_text(checkpoints.read_text().replace('"mac": "', '"mac": "0'))

    assert findings(checkpoints=checkpoints) == [
        {"kind": "other_checkpoint", "seal": AuditSeal.objects.last().number}
    ]


def test_a_seal_that_follows_another_one_is_named(entries, findings, sql):
    seal = AuditSeal.objects.last()
    seal.previous = "a" * 64
    seal.cover(list(AuditEvent.objects.filter(pk__in=seal.covered()).order_by("pk").values_list("pk", "mac")))

    sql(
        "UPDATE audit_auditseal SET previous = %s, mac = %s WHERE number = %s",
        seal.previous,
        seal.mac,
        seal.number,
    )

    assert findings() == [{"kind": "broken_chain", "seal": seal.number}]


def test_so_many_changed_entries_are_not_compared_with_one_another(entries, findings, sql, monkeypatch):
    monkeypatch.setattr(reading, "MOST_COMPARED", 2)

    sql("UPDATE audit_auditevent SET reason = 'other' WHERE id >= %s", entries[8])

    assert sorted(one["entry"] for one in findings()) == entries[8:]


def test_an_entry_whose_key_nobody_has_any_more_is_named(entries, findings, settings):
    settings.AUDIT_KEYS = ["1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
    (event,) = write([Entry(Action.READ, Subject())])
    settings.AUDIT_KEYS = []

    assert findings() == [{"kind": "forged_entry", "entry": event.pk}]


def test_only_what_came_since_a_day_is_read(entries, findings, sql):
    sql("UPDATE audit_auditevent SET reason = 'other' WHERE id = %s", entries[5])

    assert findings(since="2090-01-01", log_only=True) == []
    assert len(findings(since="2020-01-02", log_only=True)) == 1
