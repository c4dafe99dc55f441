from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from hms.core.rights import SYSTEM
from hms.notifications.models import Notification
from hms.notifications.sending import Unreachable, send_due
from hms.notifications.services import forget_texts, try_again
from hms.notifications.statuses import NotificationStatus


class Command(BaseCommand):
    help = (
        "Send the notifications that are due, and delete the texts of old ones; `run_jobs` does it steadily."
    )

    def add_arguments(self, parser):
        parser.add_argument("--retry", action="store_true", help="first retry those that were given up")

    def handle(self, *, retry: bool, **_options):
        if retry:
            self.retry()
        try:
            sent, failed = send_due()
        except Unreachable as error:
            raise CommandError(f"The mail server takes no messages: {error}. They stay queued.") from error
        forgotten = forget_texts()
        if sent or failed or forgotten:
            self.stdout.write(f"{sent} sent, {failed} failed, {forgotten} old texts deleted.")

    def retry(self) -> None:
        for row in Notification.objects.filter(status=NotificationStatus.GIVEN_UP).exclude(body=""):
            try:
                try_again(notification=row, by=SYSTEM)
            except ValidationError as refusal:  # its text was deleted, or another operator has retried it
                self.stderr.write(f"{row}: {refusal.messages[0]}")
