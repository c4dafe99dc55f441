from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from hms.core.jobs import add_job, counted
from hms.notifications.sending import send_due
from hms.notifications.services import forget_texts


def add_jobs() -> None:
    forget = counted(forget_texts, "%d texts deleted")
    add_job("send-notifications", _("Send messages"), timedelta(seconds=5), send)
    add_job("forget-texts", _("Delete the texts of old messages"), timedelta(hours=1), forget)


def send() -> str:
    sent, failed = send_due()
    return f"{sent} sent, {failed} failed" if sent or failed else ""
