"""Older years: the same rules as everywhere, whatever interrupts them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Patient
from audit.models import AuditEvent
from billing.models import Payment, Receipt, Refund
from clinical.models import Diagnosis, LabResult
from hms.demo.years import stage
from hms.demo.years.stage import Years, years
from scheduling.models import Appointment
from tests.demo.checks import are_as_planned, faults, verify_log

pytestmark = [pytest.mark.slow, pytest.mark.feature("O01")]
SMALL = {"doctors": 12, "patients": 12, "appointments": 40}
COUNTED = (Patient, Appointment, Payment, Receipt, Refund, Diagnosis, LabResult, AuditEvent)


class Stop(Exception):
    """What ends a run half-way."""


def counts() -> list[int]:
    return [model._base_manager.count() for model in COUNTED]


@pytest.mark.django_db
def test_years_obey_the_rules_and_a_second_run_adds_nothing():
    call_command("seed_demo", visits=600, **SMALL)

    assert are_as_planned(600)
    assert faults() == []
    verify_log()
    before = counts()
    call_command("seed_demo", visits=600)
    assert counts() == before


@pytest.mark.django_db
def test_a_run_that_was_stopped_goes_on_to_the_same_hospital(monkeypatch):
    call_command("seed_demo", **SMALL)
    monkeypatch.setattr(stage, "PORTION", 50)
    write, written = Years._write, []

    def write_some(self, days):
        if len(written) == 3:
            raise Stop
        written.append(days)
        write(self, days)

    monkeypatch.setattr(Years, "_write", write_some)
    with pytest.raises(Stop):
        call_command("seed_demo", visits=300)
    half = set(years().values_list("reference", flat=True))
    monkeypatch.setattr(Years, "_write", write)
    call_command("seed_demo", visits=300)

    assert 150 <= len(half) < 300
    assert half < set(years().values_list("reference", flat=True))
    assert are_as_planned(300)
    assert faults() == []
    with pytest.raises(CommandError, match="--seed 2026 --visits 300"):
        call_command("seed_demo", visits=301)


@pytest.mark.django_db
def test_a_dry_run_says_what_would_be_added(capsys):
    call_command("seed_demo", **SMALL)
    before = counts()

    call_command("seed_demo", visits=5_000, dry_run=True)

    assert "5,000 visits of 500 more patients" in capsys.readouterr().out
    assert counts() == before


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the drill takes a database of its own")
def test_a_killed_run_leaves_a_whole_hospital(tmp_path):
    drill = [sys.executable, "-m", "tests.drills.kill_seeding", "--visits", "600", "--kills", "3"]
    url = {"DATABASE_URL": f"sqlite:///{tmp_path / 'demo.sqlite3'}"}

    done = subprocess.run(  # noqa: S603 - our own program
        drill,
        cwd=Path(__file__).parents[2],
        env=os.environ | url,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "0 faults"
