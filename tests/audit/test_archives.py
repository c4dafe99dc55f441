"""Entries that are old enough go into files, then out of the database, and stay verifiable."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from audit.capture.recorder import Entry, Subject, write
from audit.evidence import archives
from audit.evidence.archives import archive_log, read_archive, sha256_of
from audit.evidence.purging import purge_archive
from audit.evidence.retention import CATEGORIES, kept_from
from audit.evidence.seals import seal_log
from audit.exceptions import ArchiveIsNotThere, LogIsNotInOrder
from audit.models import Action, AuditArchive, AuditEvent
from tests.factories import GuardianshipFactory, PatientFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U04")]


def kept(keys) -> list[int]:
    return sorted(AuditEvent.objects.filter(pk__in=keys).values_list("pk", flat=True))


def test_every_kind_of_entry_is_in_one_category():
    assert sorted(sum(CATEGORIES.values(), ())) == sorted(Action.values)


def test_a_file_holds_the_entries_of_a_category_and_is_logged(reads, next_year, tmp_path, log):
    PatientFactory()
    seal_log()
    log.forget()

    (archive,) = archive_log("reads", next_year, tmp_path)

    path = tmp_path / archive.file_name
    assert [row["id"] for row in read_archive(path)] == archive.covered() == reads
    assert (archive.file_name, archive.count) == ("log-000001-reads.jsonl.gz", 5)
    assert archive.sha256 == sha256_of(path)
    assert archive.is_genuine()
    assert (log.event().action, log.event().object_repr) == ("archive", archive.file_name)
    assert log.event().details == {"entries": 5, "category": "reads", "sha256": archive.sha256}


def test_only_what_is_sealed_old_enough_and_not_exported_is_archived(reads, next_year, tmp_path):
    write([Entry(Action.READ, Subject())])

    assert archive_log("reads", timezone.now() - timedelta(days=1), tmp_path) == []
    assert [archive.count for archive in archive_log("reads", next_year, tmp_path)] == [5]
    assert archive_log("reads", next_year, tmp_path) == []


def test_much_goes_into_several_files(reads, next_year, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "ARCHIVE_SIZE", 2)

    made = archive_log("reads", next_year, tmp_path)

    assert [(archive.number, archive.covered()) for archive in made] == [
        (1, reads[:2]),
        (2, reads[2:4]),
        (3, reads[4:]),
    ]


def test_an_entry_that_was_changed_is_not_archived(reads, next_year, tmp_path, sql):
    sql("UPDATE audit_auditevent SET reason = 'other' WHERE id = %s", reads[2])

    with pytest.raises(LogIsNotInOrder) as refusal:
        archive_log("reads", next_year, tmp_path)

    assert refusal.value.code == "log_is_not_in_order"
    assert AuditArchive.objects.count() == 0


def test_what_is_purged_is_not_missing_and_is_verified_in_its_file(reads, next_year, tmp_path, findings, log):
    (archive,) = archive_log("reads", next_year, tmp_path)
    log.forget()

    assert purge_archive(archive, tmp_path) == 5

    assert kept(reads) == []
    assert findings(archive=[tmp_path / archive.file_name]) == []
    assert (log.event().action, log.event().details["entries"]) == ("purge", 5)
    assert purge_archive(archive, tmp_path) == 0


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"x")])
def test_what_is_not_in_its_file_is_not_purged(harm, reads, next_year, tmp_path):
    (archive,) = archive_log("reads", next_year, tmp_path)
    harm(tmp_path / archive.file_name)

    with pytest.raises(ArchiveIsNotThere) as refusal:
        purge_archive(archive, tmp_path)

    assert refusal.value.code == "archive_is_not_there"
    assert kept(reads) == reads


def test_an_archive_that_somebody_made_up_excuses_nothing(reads, next_year, tmp_path, findings, sql):
    (archive,) = archive_log("reads", next_year, tmp_path)
    sql("UPDATE audit_auditarchive SET count = 4")
    archive.refresh_from_db()

    with pytest.raises(LogIsNotInOrder):
        purge_archive(archive, tmp_path)
    sql("DELETE FROM audit_auditevent WHERE id = %s", reads[0])

    assert [(one["kind"], one.get("entry")) for one in findings()] == [
        ("broken_archive", None),
        ("missing_entry", reads[0]),
    ]


def test_a_changed_file_is_named(reads, next_year, tmp_path, findings):
    (archive,) = archive_log("reads", next_year, tmp_path)
    path = tmp_path / archive.file_name
    text = gzip.decompress(path.read_bytes()).replace(b'"T3"', b'"T9"')
    path.write_bytes(gzip.compress(text, mtime=0))

    assert findings(archive=[path]) == [
        {"kind": "changed_in_file", "archive": path.name, "entry": reads[2]},
        {"kind": "other_file", "archive": path.name},
    ]


EMPTY_LINE, NO_JSON = gzip.compress(b"{}\n", mtime=0), gzip.compress(b"x\n", mtime=0)


@pytest.mark.parametrize("content", [b"", b"x", NO_JSON, EMPTY_LINE])
def test_a_file_that_is_no_archive_is_named(content, tmp_path, findings):
    path = tmp_path / "log"
    path.write_bytes(content)

    assert findings(archive=[path]) == [{"kind": "other_file", "archive": "log"}]


def test_rows_are_still_explained_when_what_made_them_is_purged(next_year, tmp_path, findings, monkeypatch):
    seal_log()
    of_migrations = archive_log("writes", next_year, tmp_path)
    gone, stays = PatientFactory(), PatientFactory(city="Mysuru")
    gone.delete()
    user = GuardianshipFactory(patient=stays).user
    for city in ("Mandya", "Hassan", "Mysuru", "Udupi"):
        stays.city = city
        stays.save()
        user.set_password(city * 4)
        user.save()
    seal_log()
    monkeypatch.setattr(archives, "ARCHIVE_SIZE", 5)
    made = archive_log("writes", next_year, tmp_path)
    stays.city = "Kolar"
    stays.save()

    assert len(made) > 2
    for archive in (made[-1], *of_migrations, *made[:-1]):
        purge_archive(archive, tmp_path)
        assert findings() == []

    seal_log()
    for archive in archive_log("writes", next_year, tmp_path):
        purge_archive(archive, tmp_path)
    assert findings() == []
    User.objects.filter(pk=user.pk).update(full_name="Other")
    assert findings() == []


def test_a_fingerprint_under_a_new_key_is_newer_than_one_that_was_carried_over(
    next_year, tmp_path, findings, settings
):
    user = UserFactory()
    seal_log()
    made = archive_log("writes", next_year, tmp_path)
    settings.AUDIT_KEYS = ["1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
    user.set_password("another battery horse")
    user.save()

    for archive in made:
        purge_archive(archive, tmp_path)

    assert findings() == []


def test_how_long_entries_are_kept_is_a_setting(settings, time_machine):
    settings.AUDIT_RETENTION = {"reads": 1, "writes": 8}
    time_machine.move_to(datetime(2028, 2, 29, tzinfo=UTC))

    assert kept_from("reads").date().isoformat() == "2027-02-28"
    assert kept_from("writes").date().isoformat() == "2020-02-28"
