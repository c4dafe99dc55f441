"""Runs the jobs that are due. Any number of workers may run: each run is done by the one that claims it.

A claim is a conditional update that postpones the next run by the job's interval; no lock is held while the
job runs. If a worker is killed, the next one takes the job when it is due again.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db.models import F, Min
from django.utils import timezone

from hms.core.jobs import Job, jobs
from hms.core.outbox import claim
from hms.core.transactions import retried_atomic
from hms.jobs.models import JobRun

logger = logging.getLogger(__name__)

PAUSE_AFTER_TROUBLE = timedelta(minutes=1)  # at least
LONGEST_PAUSE_S = 60.0
OUTCOME_LENGTH = JobRun._meta.get_field("outcome").max_length


def run_due(is_stopped: Callable[[], bool] = lambda: False) -> list[tuple[Job, str]]:
    """Run each job that is due once, the most overdue first; returns what each said.

    A job that fails is logged with its traceback and tried again after its interval, at least a minute.
    """
    _add_missing()
    due = JobRun.objects.filter(due_at__lte=timezone.now(), name__in=jobs).order_by("due_at", "name")
    outcomes = []
    for row in due:
        if is_stopped():
            break
        job = jobs[row.name]
        now = timezone.now()
        if claim(row, until=now + job.every, started_at=now):
            outcomes.append((job, run_claimed(job)))
    return outcomes


def run_claimed(job: Job) -> str:
    """Run a job now and note how it ended."""
    try:
        said = job.run()
    except Exception as error:  # one job must not stop the others
        logger.exception("The job %s failed", job.name)
        said = type(error).__name__
        _note(
            job, said, failures=F("failures") + 1, due_at=timezone.now() + max(job.every, PAUSE_AFTER_TROUBLE)
        )
        return said
    _note(job, said, failures=0)
    return said


def seconds_until_due() -> float:
    """How long to wait for the next job, at most a minute."""
    due_at = JobRun.objects.filter(name__in=jobs).aggregate(due_at=Min("due_at"))["due_at"]
    if due_at is None:
        return 0.0
    return min(max((due_at - timezone.now()).total_seconds(), 0.0), LONGEST_PAUSE_S)


def _add_missing() -> None:
    known = set(JobRun.objects.values_list("name", flat=True))
    if missing := [JobRun(name=name, due_at=timezone.now()) for name in jobs if name not in known]:
        JobRun.objects.bulk_create(missing, ignore_conflicts=True)


@retried_atomic
def _note(job: Job, said: str, **changes) -> None:
    now = timezone.now()
    if said:
        changes |= {"outcome": said[:OUTCOME_LENGTH], "outcome_at": now}
    JobRun.objects.filter(name=job.name).update(ended_at=now, **changes)
