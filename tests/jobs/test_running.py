"""Background jobs: claimed by one worker, on their own interval, unharmed by failures and by being killed."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from hms.core.jobs import Job, jobs
from hms.jobs.models import JobRun
from hms.jobs.running import run_due, seconds_until_due
from tests.racing import race

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N03")]


@pytest.fixture
def done(monkeypatch) -> list[str]:
    """The names of the runs of two jobs, one every minute and one every day; no other jobs exist."""
    done = []

    def job(name: str, every: timedelta) -> Job:
        return Job(name, name, every, lambda: done.append(name) or f"{name} done")

    ours = {"minutely": job("minutely", timedelta(minutes=1)), "daily": job("daily", timedelta(days=1))}
    for name in list(jobs):
        monkeypatch.delitem(jobs, name)
    for name, each in ours.items():
        monkeypatch.setitem(jobs, name, each)
    return done


def test_each_job_runs_at_first_and_then_on_its_own_interval(done):
    with time_machine.travel("2027-03-04 10:00Z", tick=False) as clock:
        run_due()
        run_due()
        waits = seconds_until_due()
        clock.shift(timedelta(minutes=1))
        run_due()
        clock.shift(timedelta(days=1))
        run_due()

    assert (done, waits) == (["daily", "minutely", "minutely", "minutely", "daily"], 60)
    assert JobRun.objects.get(name="daily").outcome == "daily done"


def test_a_job_that_fails_stops_no_other_and_is_tried_again(done, monkeypatch, caplog):
    def fail() -> str:
        raise ConnectionError("smtp.example said no to asha@example.org")

    monkeypatch.setitem(jobs, "daily", Job("daily", "daily", timedelta(seconds=1), fail))

    run_due()

    failed = JobRun.objects.get(name="daily")
    assert done == ["minutely"]
    assert (failed.failures, failed.outcome) == (1, "ConnectionError")
    assert failed.due_at - timezone.now() > timedelta(seconds=50)
    assert "The job daily failed" in caplog.text


def test_a_run_that_was_cut_off_is_taken_when_it_is_due_again(done, monkeypatch):
    def be_killed() -> str:
        raise SystemExit

    monkeypatch.setitem(jobs, "minutely", Job("minutely", "minutely", timedelta(minutes=1), be_killed))
    with time_machine.travel("2027-03-04 10:00Z", tick=False) as clock:
        with pytest.raises(SystemExit):
            run_due()
        monkeypatch.setitem(
            jobs, "minutely", Job("minutely", "minutely", timedelta(minutes=1), lambda: "goes on")
        )
        clock.shift(timedelta(minutes=1))
        run_due()

    assert JobRun.objects.get(name="minutely").outcome == "goes on"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_does_each_run(done):
    race(*[run_due for _worker in range(8)])

    assert sorted(done) == ["daily", "minutely"]


@pytest.mark.parametrize("name", sorted(jobs))
def test_every_job_may_run_twice(name):
    """Nothing is left for the second run."""
    jobs[name].run()

    assert jobs[name].run() == ""


def test_an_unknown_job_is_refused_and_the_known_ones_are_listed():
    listed = StringIO()

    with pytest.raises(CommandError, match="No such job: tea"):
        call_command("run_jobs", "tea")
    call_command("run_jobs", list=True, stdout=listed)

    assert all(name in listed.getvalue() for name in jobs)


def has_run(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as rows:
        return rows.execute("SELECT COUNT(*) FROM jobs_jobrun WHERE ended_at IS NOT NULL").fetchone()[0] > 0


@pytest.mark.slow
def test_a_signal_ends_a_worker_after_its_job(tmp_path):
    database = tmp_path / "hospital.sqlite3"
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{database}"}
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], env=environment, check=True)  # noqa: S603
    worker = subprocess.Popen([*manage, "run_jobs"], env=environment)  # noqa: S603
    while not has_run(database):
        time.sleep(0.2)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=10) == 0
