import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from audit.capture.context import Source, audit_context
from audit.management.progress import progress_bar
from billing.services.first_tariff import POLICIES
from hms.core.statistics import refresh_statistics
from hms.demo.logins import PASSWORD, STAFF, email_of, has_real_users
from hms.demo.quotas import TooManyAppointments
from hms.demo.seeding import Seeding, Size, is_seeded
from hms.demo.years.stage import Years

FEWEST = {"doctors": 3, "patients": 12, "appointments": 0}
SELDOM = (50_000, 50, 1_000)
ALREADY_SEEDED = (
    "The demo hospital is here already; nothing was added. For another one take an empty database "
    "(SQLite: move db.sqlite3 away), run `migrate`, then this again."
)
CIRCUMSTANCES = {"source": Source.COMMAND.value, "origin": "seed_demo", "reason": "Demo data"}
REAL_USERS = (
    "This database has users who are not of the demo. Demo logins have a password that everybody "
    "knows: --force adds them all the same."
)
REAL_PRICES = "This database has users who are not of the demo: --tax-policy would change their prices."


class Command(BaseCommand):
    help = "Fill an empty hospital with demo data, all of it or, when interrupted, nothing."

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=2026, help="another number is another hospital")
        parser.add_argument("--doctors", type=int, default=24)
        parser.add_argument("--patients", type=int, default=300)
        parser.add_argument("--appointments", type=int, default=1200)
        parser.add_argument(
            "--visits",
            type=int,
            default=0,
            help="so many older visits besides, over four years, in portions; run it again to go on",
        )
        parser.add_argument(
            "--tax-policy",
            choices=POLICIES,
            help="which tax is charged; tax-everything shows 500 + 50 as 649.00",
        )
        parser.add_argument("--force", action="store_true", help="also where there are real users")
        parser.add_argument("--dry-run", action="store_true", help="say what would be added, and add nothing")

    def handle(self, *, visits: int, force: bool, dry_run: bool, **options):
        if visits < 0:
            raise CommandError("--visits is at least 0.")
        if not is_seeded():
            self._seed(force=force, dry_run=dry_run, **options)
        elif not visits:
            self.stdout.write(ALREADY_SEEDED)
        if visits:
            self._add_years(options["seed"], visits, dry_run=dry_run)

    def _seed(self, *, force: bool, dry_run: bool, **options):
        if has_real_users() and not force:
            raise CommandError(REAL_USERS)
        if has_real_users() and options["tax_policy"]:
            raise CommandError(REAL_PRICES)
        for name, fewest in FEWEST.items():
            if options[name] < fewest:
                raise CommandError(f"--{name} is at least {fewest}.")
        size = Size(**{name: options[name] for name in ("seed", "tax_policy", *FEWEST)})
        self._report(_seed(size, dry_run=dry_run), dry_run=dry_run)
        if not dry_run:
            refresh_statistics()

    def _add_years(self, seed: int, visits: int, *, dry_run: bool) -> None:
        """Add what is missing of the older years, each portion in a transaction of its own."""
        if dry_run:
            patients, missing = Years.missing(visits)
            self.stdout.write(f"Older years would add {missing:,} visits of {patients:,} more patients.")
            return
        try:
            with no_ballast(), audit_context(**CIRCUMSTANCES):
                Years(seed=seed, visits=visits).run(progress_bar)
        except KeyboardInterrupt as error:
            raise CommandError("Interrupted. The same command goes on from here.") from error
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        refresh_statistics()

    def _report(self, added: dict[str, int], *, dry_run: bool) -> None:
        self.stdout.write("Would be added:" if dry_run else "Added:")
        for name, number in added.items():
            self.stdout.write(f"  {number:>9,}  {name}")
        if dry_run:
            self.stdout.write("Nothing was written.")
            return
        self.stdout.write(f"Logins, all with the password {PASSWORD}:")
        for name in (*STAFF, "patient", "patient001"):
            self.stdout.write(f"  {email_of(name)}")
        self.stdout.write("  and so on, up to the number of patients who have one")


def _seed(size: Size, *, dry_run: bool) -> dict[str, int]:
    """One transaction for everything: Ctrl-C half-way leaves an empty database, not half a hospital."""
    try:
        with no_ballast(), audit_context(**CIRCUMSTANCES), transaction.atomic():
            added = Seeding(size, progress_bar).run()
            transaction.set_rollback(dry_run)
    except KeyboardInterrupt as error:
        raise CommandError("Interrupted. Nothing was written.") from error
    except TooManyAppointments as error:
        raise CommandError(f"So few doctors see at most {error.most:,} patients: add doctors.") from error
    except ValidationError as refusal:
        raise CommandError(" ".join(refusal.messages)) from refusal
    return added


@contextmanager
def no_ballast() -> Iterator[None]:
    """Without what takes a third of the time and helps nobody here.

    That is looking for garbage among rows that are all still needed, and, with DEBUG on, Django's list of
    all statements as text, which also takes memory without end.
    """
    threshold, debug = gc.get_threshold(), settings.DEBUG
    gc.set_threshold(*SELDOM)
    settings.DEBUG = False
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        settings.DEBUG = debug
