from datetime import UTC, datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import ngettext

from billing.services.gateway_messages import deliver_due

THE_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = "Deliver the practice bank's delayed messages that are due."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="also deliver messages that are not due yet")

    def handle(self, **options):
        count, failed = deliver_due(now=THE_END_OF_TIME if options["all"] else None)
        text = ngettext("Delivered %d message.", "Delivered %d messages.", count) % count
        self.stdout.write(text)
        if failed:
            still = ngettext("%d message was not", "%d messages were not", failed) % failed
            raise CommandError(f"{still} delivered and will be tried again; the log says why.")
