from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from hms.core.rights import SYSTEM
from hms.notifications.models import Notification
from hms.notifications.sending import Unreachable, send_due
from hms.notifications.services import forget_texts, note_reminders, try_again, write_messages
from hms.notifications.statuses import Channel, NotificationStatus


class Command(BaseCommand):
    help = (
        "Send the notifications that are due, and delete the texts of old ones; `run_jobs` does it steadily."
    )

    def add_arguments(self, parser):
        parser.add_argument("--retry", action="store_true", help="first retry those that were given up")

    def handle(self, *, retry: bool, **_options):
        if retry:
            self.retry()
        note_reminders()
        write_messages()
        outcomes = [self.send(channel) for channel in Channel]
        sent, failed = (sum(counts) for counts in zip(*outcomes, strict=True))
        forgotten = forget_texts()
        if sent or failed or forgotten:
            self.stdout.write(f"{sent} sent, {failed} failed, {forgotten} old texts deleted.")

    def send(self, channel: Channel) -> tuple[int, int]:
        try:
            return send_due(channel)
        except Unreachable as error:
            what = "The mail server" if channel == Channel.EMAIL else f"The service for {channel.label}"
            raise CommandError(f"{what} takes no messages: {error}. They stay queued.") from error

    def retry(self) -> None:
        for row in Notification.objects.filter(status=NotificationStatus.GIVEN_UP).exclude(body=""):
            try:
                try_again(notification=row, by=SYSTEM)
            except ValidationError as refusal:  # its text was deleted, or another operator has retried it
                self.stderr.write(f"{row}: {refusal.messages[0]}")
