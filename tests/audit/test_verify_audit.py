"""What an operator reads: findings in words, how many more there are, and the summary."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from audit.evidence.seals import write_checkpoint
from audit.evidence.verification.findings import Finding, Kind
from audit.management.commands import verify_audit
from audit.models import AuditSeal

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U04")]


def run(**options) -> tuple[list[str], int]:
    out = io.StringIO()
    try:
        call_command("verify_audit", no_progress=True, stdout=out, **options)
    except SystemExit as end:
        return out.getvalue().splitlines(), end.code
    return out.getvalue().splitlines(), 0


def test_all_is_well(reads):
    lines, code = run()

    assert code == 0
    assert lines[-1] == "Without --checkpoints it cannot be seen whether the end of the log is missing."
    assert lines[-2].endswith(f"entries, {AuditSeal.objects.count()} seals. Everything is as it was written.")


def test_with_checkpoints_no_hint_is_shown(reads, tmp_path):
    write_checkpoint(AuditSeal.objects.last(), tmp_path / "checkpoints")

    lines, _code = run(checkpoints=tmp_path / "checkpoints")

    assert lines[-1].endswith("Everything is as it was written.")


def test_a_log_without_a_seal_is_said():
    lines, code = run()

    assert (code, lines[-1]) == (
        0,
        "Nothing is sealed yet: run seal_audit, and keep checkpoints outside the database.",
    )


def test_findings_are_named_in_words_and_many_of_a_kind_are_counted(reads, sql, monkeypatch):
    monkeypatch.setattr(verify_audit, "MOST_SHOWN", 2)
    sql("UPDATE audit_auditevent SET reason = 'other' WHERE id >= %s", reads[1])

    lines, code = run()

    assert code == 1
    assert lines[:3] == [
        f"Entry {reads[1]} was changed.",
        f"Entry {reads[2]} was changed.",
        "... and 2 more of the kind changed_entry.",
    ]
    assert lines[-2].endswith("4 findings.")


def test_findings_are_lines_for_a_program(reads, sql):
    sql("DELETE FROM audit_auditevent WHERE id = %s", reads[1])

    lines, code = run(json=True)

    seal = AuditSeal.objects.last()
    text = f"Entry {reads[1]} is missing; seal {seal.number} covers it."
    assert code == 1
    assert json.loads(lines[0]) == {
        "kind": "missing_entry",
        "entry": reads[1],
        "seal": seal.number,
        "text": text,
    }
    assert json.loads(lines[1])["summary"]["kinds"] == {"missing_entry": 1}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_finding_has_words(kind):
    text = str(
        Finding(kind, entry=7, other=7, seal=7, archive="7", model="7", object_pk="7", changes={"a": []})
    )

    assert "%" not in text
    assert "7" in text


def test_a_day_that_is_none_is_refused():
    with pytest.raises(CommandError, match="2026-03-31"):
        call_command("verify_audit", since="yesterday")


def test_a_missing_file_of_checkpoints_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_audit", checkpoints=tmp_path / "checkpoints")
