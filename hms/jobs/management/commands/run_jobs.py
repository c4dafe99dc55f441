import logging
import signal
import threading

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.db.utils import Error as DatabaseTrouble

from hms.core.jobs import jobs
from hms.jobs.running import run_claimed, run_due, seconds_until_due

logger = logging.getLogger(__name__)

PAUSE_WITHOUT_DATABASE_S = 10


class Command(BaseCommand):
    help = "Run all that runs by itself, until stopped. Several workers may run at once."

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", metavar="job", help="run these jobs now and exit")
        parser.add_argument("--once", action="store_true", help="run the jobs that are due and exit")
        parser.add_argument("--list", action="store_true", help="list the jobs and how often they run")

    def handle(self, *, names: list[str], once: bool, **options):
        if unknown := sorted(set(names) - set(jobs)):
            raise CommandError(f"No such job: {', '.join(unknown)}. There are: {', '.join(jobs)}.")
        if options["list"]:
            for job in jobs.values():
                self.stdout.write(f"{job.name:<24} every {job.every}  {job.label}")
        elif names:
            for name in names:
                self.say(name, run_claimed(jobs[name]))
        elif once:
            self.round()
        else:
            self.work_until_stopped()

    def work_until_stopped(self) -> None:
        """A signal ends the worker after the job that is running."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_signal: stop.set())
        while not stop.is_set():
            close_old_connections()
            stop.wait(self.guarded_round(stop))

    def guarded_round(self, stop: threading.Event) -> float:
        """Run a round and return the seconds to wait before the next one."""
        try:
            self.round(stop)
            return seconds_until_due()
        except DatabaseTrouble as error:
            logger.warning("Background jobs wait for the database: %s", type(error).__name__)
            return PAUSE_WITHOUT_DATABASE_S

    def round(self, stop: threading.Event | None = None) -> None:
        for job, said in run_due(stop.is_set if stop else lambda: False):
            self.say(job.name, said)

    def say(self, name: str, said: str) -> None:
        if said:
            self.stdout.write(f"{name}: {said}")
