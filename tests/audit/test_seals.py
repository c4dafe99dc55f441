"""Entries are sealed once, in portions, while others seal or write; checkpoints are kept outside."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from audit.capture.recorder import Entry, Subject, record_event, write
from audit.evidence import seals
from audit.evidence.seals import seal_log
from audit.models import Action, AuditEvent, AuditSeal
from audit.signing.canonical import pack, unpack
from audit.signing.identifiers import key_at
from tests.factories import PatientFactory
from tests.racing import race

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U04")]


def write_entries(number: int) -> list[int]:
    return [event.pk for event in write(Entry(Action.READ, Subject(pk=n)) for n in range(number))]


def sealed() -> list[int]:
    return [key for seal in AuditSeal.objects.all() for key in seal.covered()]


def run(**options) -> str:
    out = io.StringIO()
    call_command("seal_audit", no_progress=True, stdout=out, **options)
    return out.getvalue()


def test_everything_is_sealed_in_portions_that_follow_one_another(monkeypatch):
    seal_log()
    before = AuditSeal.objects.last()
    monkeypatch.setattr(seals, "SEAL_SIZE", 4)
    keys = write_entries(10)

    done = seal_log()

    made = list(AuditSeal.objects.filter(number__gt=before.number))
    assert (done.seals, done.entries, done.forged) == (3, 10, [])
    assert [(seal.number - before.number, seal.count, seal.total - before.total) for seal in made] == [
        (1, 4, 4),
        (2, 4, 8),
        (3, 2, 10),
    ]
    assert [seal.covered() for seal in made] == [keys[:4], keys[4:8], keys[8:]]
    assert [(seal.first_id, seal.last_id) for seal in made] == [
        (keys[0], keys[3]),
        (keys[4], keys[7]),
        (keys[8], keys[9]),
    ]
    assert [seal.previous for seal in made] == [before.mac, made[0].mac, made[1].mac]
    assert all(seal.is_genuine() for seal in made)


def test_what_is_sealed_is_not_sealed_again():
    write_entries(3)
    seal_log()

    assert (seal_log().seals, seal_log().entries) == (0, 0)


def test_a_run_that_was_interrupted_leaves_nothing_out(monkeypatch):
    monkeypatch.setattr(seals, "SEAL_SIZE", 2)
    days = [timezone.now() - timedelta(days=days) for days in (40, 30, 20, 10)]
    old = [AuditEvent(id=key_at(day), recorded_at=day, action="read", source="page") for day in days]
    for event in old:
        event.save()

    def interrupt(_number):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal_log(interrupt)
    seal_log()

    assert sorted(sealed()) == sorted(AuditEvent.objects.values_list("pk", flat=True))


def test_a_seal_does_not_cover_an_entry_with_a_wrong_hash():
    (event,) = AuditEvent.objects.bulk_create([AuditEvent(action="read", source="page", mac="a" * 64)])

    with pytest.raises(CommandError, match=rf"1 entries have a wrong hash.*{event.pk}"):
        run()

    assert event.pk not in sealed()


def test_sealing_reads_but_what_is_new_and_little_of_before(django_assert_num_queries):
    write_entries(20)
    seal_log()
    write_entries(3)

    # newest seal, highest key, seals of a day, keys, the one seal, entries, savepoint, seal, release, no more
    with django_assert_num_queries(10):
        seal_log()


@pytest.mark.parametrize("keys", [[1], [1, 2, 3], [5, 2**62, 2**62 + 7]])
def test_packed_keys_are_unpacked(keys):
    assert unpack(pack(keys)) == keys


@pytest.mark.parametrize("packed", [b"", b"x", pack([1, 2])[:-1]])
def test_bytes_that_are_no_keys_are_refused(packed):
    with pytest.raises(ValueError, match="Not packed keys"):
        unpack(packed)


def test_a_checkpoint_is_appended_once(tmp_path):
    path = tmp_path / "elsewhere" / "checkpoints"

    first, again = run(checkpoints=path), run(checkpoints=path)
    write_entries(2)
    run(checkpoints=path)

    lines = [json.loads(line) for line in path.read_text().splitlines()]
    seal = AuditSeal.objects.last()
    assert ("is in" in first, "is in" in again) == (True, False)
    assert [line["number"] for line in lines] == [seal.number - 1, seal.number]
    assert lines[1] == {
        "number": seal.number,
        "last_id": seal.last_id,
        "count": 2,
        "total": AuditEvent.objects.count(),
        "mac": seal.mac,
        "sealed_at": seal.sealed_at.isoformat(timespec="microseconds"),
    }


def test_the_file_of_checkpoints_is_a_setting(settings, tmp_path):
    settings.AUDIT_CHECKPOINTS_FILE = str(tmp_path / "checkpoints")

    run()

    assert len((tmp_path / "checkpoints").read_text().splitlines()) == 1


def test_a_checkpoint_is_mailed(settings, mailoutbox):
    settings.AUDIT_CHECKPOINTS_TO = ["officer@example.org"]

    run(mail=True)

    (mail,) = mailoutbox
    assert mail.to == ["officer@example.org"]
    assert json.loads(mail.body)["mac"] == AuditSeal.objects.last().mac


def test_a_checkpoint_is_not_mailed_to_nobody():
    with pytest.raises(CommandError, match="AUDIT_CHECKPOINTS_TO"):
        run(mail=True)


@pytest.mark.parametrize("text", ["x", '{"number": 1}', "[1]"])
def test_a_file_without_checkpoints_is_refused(text, tmp_path):
    path = tmp_path / "checkpoints"
    path.write_text(text)

    with pytest.raises(CommandError, match="line 1: not a checkpoint"):
        run(checkpoints=path)
    with pytest.raises(CommandError, match="line 1: not a checkpoint"):
        call_command("verify_audit", checkpoints=path)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_who_writes_and_who_seals_at_once_lose_nothing_and_make_no_fork(findings, monkeypatch):
    monkeypatch.setattr(seals, "SEAL_SIZE", 7)

    def write_some():
        for number in range(12):
            with transaction.atomic():
                record_event(Action.READ, subject=Subject(pk=number))
                PatientFactory()
        return "written"

    def seal_often():
        for _ in range(6):
            seal_log()
        return "sealed"

    outcomes = race(write_some, write_some, write_some, seal_often, seal_often)
    seal_log()

    keys = sealed()
    assert outcomes == {"written": 3, "sealed": 2}
    assert sorted(keys) == list(AuditEvent.objects.order_by("pk").values_list("pk", flat=True))
    assert len(keys) == len(set(keys))
    assert AuditEvent.objects.filter(action="read").count() == 36
    assert findings() == []
