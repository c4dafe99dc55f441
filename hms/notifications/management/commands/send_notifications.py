import logging
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from hms.notifications.models import Notification
from hms.notifications.sending import Unreachable, in_short, send_due
from hms.notifications.services import forget_texts, try_again
from hms.notifications.statuses import NotificationStatus

logger = logging.getLogger(__name__)

LONGEST_PAUSE_S = 60


class Command(BaseCommand):
    help = "Send the notifications that are due, and delete the texts of old ones. Several may run at once."

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true", help="go on until stopped instead of once")
        parser.add_argument("--every", type=float, default=5, help="seconds between two rounds")
        parser.add_argument("--retry", action="store_true", help="begin with those that were given up")

    def handle(self, *, loop: bool, every: float, retry: bool, **_options):
        if retry:
            for row in Notification.objects.filter(status=NotificationStatus.GIVEN_UP).exclude(body=""):
                try_again(notification=row)
        if not loop:
            try:
                self.round()
            except Unreachable as error:
                raise CommandError(f"The mail server does not answer: {error}. Nothing is lost.") from error
        while loop:
            close_old_connections()
            time.sleep(self.steadfast_round(every))

    def round(self) -> None:
        sent, failed = send_due()
        forgotten = forget_texts()
        if sent or failed or forgotten:
            self.stdout.write(f"{sent} sent, {failed} failed, {forgotten} old texts deleted.")

    def steadfast_round(self, every: float) -> float:
        """Outlive the mail server's and the database's bad hours; returns how long to wait."""
        try:
            self.round()
        except (Unreachable, DatabaseError) as error:
            logger.warning("Notifications wait: %s", in_short(error.__cause__ or error))
            return max(every, LONGEST_PAUSE_S)
        return every
