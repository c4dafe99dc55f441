from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from scheduling.services import expire_holds, purge_claims


class Command(BaseCommand):
    help = "End expired holds and delete claims of past time; run it daily. Appointments stay."

    def add_arguments(self, parser):
        parser.add_argument(
            "--days", type=int, default=2, help="how many past days of claims to keep (at least 1)"
        )

    def handle(self, *, days: int, **_options):
        if days < 1:
            raise CommandError("--days must be at least 1: today's claims still hold today's time.")
        expired = expire_holds()
        purged = purge_claims(before=timezone.now() - timedelta(days=days))
        self.stdout.write(f"{expired} holds ended, {purged} claims of past time deleted.")
