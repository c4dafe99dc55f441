from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.services import abandon_payments, send_pending_refunds
from billing.services.gateway_messages import deliver_due
from hms.core.jobs import add_job

GIVE_UP_AFTER = timedelta(days=1)


def add_jobs() -> None:
    add_job("payment-messages", _("Take in late payment messages"), timedelta(seconds=5), take_in_messages)
    add_job("send-refunds", _("Send refunds to their gateway"), timedelta(minutes=1), send_refunds)
    add_job("abandon-payments", _("Give up unfinished payments"), timedelta(hours=1), give_up_payments)


def take_in_messages() -> str:
    delivered, failed = deliver_due()
    return f"{delivered} messages taken in, {failed} failed" if delivered or failed else ""


def send_refunds() -> str:
    count = send_pending_refunds()
    return f"{count} refunds sent" if count else ""


def give_up_payments() -> str:
    count = abandon_payments(before=timezone.now() - GIVE_UP_AFTER)
    return f"{count} payments given up" if count else ""
