import logging
import time

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from hms.core.rights import SYSTEM
from hms.notifications.models import Notification
from hms.notifications.sending import Unreachable, in_short, send_due
from hms.notifications.services import forget_texts, try_again
from hms.notifications.statuses import NotificationStatus

logger = logging.getLogger(__name__)

PAUSE_AFTER_TROUBLE_S = 60  # at least


class Command(BaseCommand):
    help = "Send the notifications that are due, and delete the texts of old ones. Several may run at once."

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true", help="keep running until stopped")
        parser.add_argument("--every", type=float, default=5, help="seconds between two rounds")
        parser.add_argument("--retry", action="store_true", help="first retry those that were given up")

    def handle(self, *, loop: bool, every: float, retry: bool, **_options):
        if retry:
            self.retry()
        if not loop:
            try:
                self.round()
            except Unreachable as error:
                raise CommandError(
                    f"The mail server takes no messages: {error}. They stay queued."
                ) from error
        while loop:
            close_old_connections()
            time.sleep(self.guarded_round(every))

    def retry(self) -> None:
        for row in Notification.objects.filter(status=NotificationStatus.GIVEN_UP).exclude(body=""):
            try:
                try_again(notification=row, by=SYSTEM)
            except ValidationError as refusal:  # its text was deleted, or another operator has retried it
                self.stderr.write(f"{row}: {refusal.messages[0]}")

    def round(self) -> None:
        sent, failed = send_due()
        forgotten = forget_texts()
        if sent or failed or forgotten:
            self.stdout.write(f"{sent} sent, {failed} failed, {forgotten} old texts deleted.")

    def guarded_round(self, every: float) -> float:
        """Run a round, log any failure and return the seconds to wait before the next round."""
        try:
            self.round()
        except Exception as error:  # nobody would notice a stopped sender for a long time
            logger.warning("Notifications are delayed: %s", in_short(error.__cause__ or error))
            return max(every, PAUSE_AFTER_TROUBLE_S)
        return every
