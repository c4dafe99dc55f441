from collections.abc import Callable
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from hms.core.jobs import add_job, counted
from hms.notifications.sending import send_due
from hms.notifications.services import forget_texts, note_reminders, write_messages
from hms.notifications.statuses import Channel


def add_jobs() -> None:
    often = timedelta(seconds=5)
    remind = counted(note_reminders, "%d reminders due")
    write = counted(write_messages, "%d messages written")
    forget = counted(forget_texts, "%d texts deleted")
    add_job("remind", _("Find reminders that are due"), timedelta(minutes=1), remind)
    add_job("write-messages", _("Write messages about visits"), often, write)
    add_job("send-notifications", _("Send messages"), often, sending(Channel.EMAIL))
    add_job("send-sms", _("Send SMS"), often, sending(Channel.SMS))
    add_job("forget-texts", _("Delete the texts of old messages"), timedelta(hours=1), forget)


def sending(channel: str) -> Callable[[], str]:
    """Each channel has a job of its own, so that a server that is down holds up no other."""

    def send() -> str:
        sent, failed = send_due(channel)
        return f"{sent} sent, {failed} failed" if sent or failed else ""

    return send
