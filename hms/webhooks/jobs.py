from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from hms.core.jobs import add_job, counted
from hms.webhooks.sending import send_due
from hms.webhooks.services import forget_old


def add_jobs() -> None:
    forget = counted(forget_old, "%d deliveries deleted")
    add_job("send-webhooks", _("Send webhooks"), timedelta(seconds=5), send)
    add_job("forget-deliveries", _("Delete old deliveries of webhooks"), timedelta(hours=1), forget)


def send() -> str:
    accepted, failed = send_due()
    return f"{accepted} accepted, {failed} failed" if accepted or failed else ""
