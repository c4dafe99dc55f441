"""What runs by itself: each app registers its jobs, and `manage.py run_jobs` runs them.

A job may run twice at once and be killed at any moment; it commits in small steps, and the next run goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Job:
    name: str
    label: str
    every: timedelta
    # Does what is due and says in a few words, without personal data, what it did; "" if there was nothing.
    run: Callable[[], str]


def counted(work: Callable[[], int], said: str) -> Callable[[], str]:
    """The job that does this work and says how much: "%d holds ended"."""

    def run() -> str:
        count = work()
        return said % count if count else ""

    return run


jobs: dict[str, Job] = {}


def add_job(name: str, label: str, every: timedelta, run: Callable[[], str]) -> None:
    """Register a job; call it in `AppConfig.ready`."""
    jobs[name] = Job(name, label, every, run)
