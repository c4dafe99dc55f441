from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import ngettext

from billing.services import abandon_payments, send_pending_refunds


class Command(BaseCommand):
    help = "Send refunds that have not reached their gateway; give up unfinished payments."

    def add_arguments(self, parser):
        parser.add_argument("--hours", type=int, default=24, help="age of a payment to give up")

    def handle(self, **options):
        sent = send_pending_refunds()
        given_up = abandon_payments(before=timezone.now() - timedelta(hours=options["hours"]))
        refunds = ngettext("%d refund", "%d refunds", sent) % sent
        payments = ngettext("%d payment", "%d payments", given_up) % given_up
        self.stdout.write(f"Sent {refunds}, gave up {payments}.")
