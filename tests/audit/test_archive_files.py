"""The files of archives: whose they are, what a killed run leaves, and what the commands say."""

import io
import stat

import pytest
from django.core.management import CommandError, call_command

from audit.evidence import archives
from audit.evidence.archives import archive_log
from audit.evidence.purging import purge_archive
from audit.models import AuditEvent, AuditHold

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U04")]


def kept(keys) -> list[int]:
    return sorted(AuditEvent.objects.filter(pk__in=keys).values_list("pk", flat=True))


def test_a_file_that_a_killed_run_left_is_not_written_over(reads, next_year, tmp_path, findings):
    left = tmp_path / "log-000001-reads.jsonl.gz"
    left.write_text("left")
    left.with_suffix(".part").write_text("half")

    (archive,) = archive_log("reads", next_year, tmp_path)

    assert (archive.number, archive.file_name) == (1, "log-000001-reads-2.jsonl.gz")
    assert left.read_text() == "left"
    assert purge_archive(archive, tmp_path) == 5
    assert findings(archive=[tmp_path / archive.file_name]) == []


def test_files_are_for_their_owner_alone(reads, next_year, tmp_path):
    folder = tmp_path / "archive"

    (archive,) = archive_log("reads", next_year, folder)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / archive.file_name).stat().st_mode) == 0o600


def test_the_commands_archive_hold_and_purge(settings, reads, tmp_path):
    settings.AUDIT_RETENTION = {"reads": -1, "writes": 8, "logins": 8}
    settings.AUDIT_ARCHIVE_DIR = str(tmp_path)

    def run(name, **options) -> str:
        out = io.StringIO()
        call_command(name, stdout=out, **options)
        return out.getvalue()

    held = run("hold_audit", reason="Court", patient_id=3)
    archived = run("archive_audit", no_progress=True)
    asked, left = run("purge_audit"), len(kept(reads))
    purged = run("purge_audit", yes=True)
    released = run("hold_audit", release=AuditHold.objects.get().pk)

    assert "patient 3" in held
    assert "        4  log-000001-reads.jsonl.gz" in archived
    assert ("add --yes" in asked, left) == (True, 5)
    assert ("        4  log-000001-reads.jsonl.gz: purged" in purged, kept(reads)) == (True, reads[2:3])
    assert released == ""


def test_the_commands_say_what_they_refuse(settings, reads, tmp_path):
    settings.AUDIT_RETENTION = {"reads": -1, "writes": 8, "logins": 8}
    settings.AUDIT_ARCHIVE_DIR = str(tmp_path)
    (tmp_path / "file").write_text("")

    with pytest.raises(CommandError, match="Not archived"):
        call_command("archive_audit", to=tmp_path / "file", category=["reads"], no_progress=True)
    with pytest.raises(CommandError, match="no hold 7"):
        call_command("hold_audit", release=7)
    with pytest.raises(CommandError, match="at most 200"):
        call_command("hold_audit", reason="x" * 201)
    call_command("archive_audit", category=["reads"], no_progress=True)
    (tmp_path / "log-000001-reads.jsonl.gz").unlink()
    with pytest.raises(CommandError, match="nothing of it was purged"):
        call_command("purge_audit", yes=True)


def test_purging_goes_on_past_a_file_that_is_missing_and_skips_what_is_done(
    settings, reads, next_year, tmp_path, monkeypatch
):
    settings.AUDIT_ARCHIVE_DIR = str(tmp_path)
    monkeypatch.setattr(archives, "ARCHIVE_SIZE", 2)
    done, missing, last = archive_log("reads", next_year, tmp_path)
    purge_archive(done, tmp_path)
    for archive in (done, missing):
        (tmp_path / archive.file_name).unlink()
    out = io.StringIO()

    with pytest.raises(CommandError, match=missing.file_name) as refusal:
        call_command("purge_audit", yes=True, stdout=out)

    assert done.file_name not in str(refusal.value)
    assert out.getvalue() == f"        1  {last.file_name}: purged\n"
    assert kept(reads) == reads[2:4]
