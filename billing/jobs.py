from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.services import abandon_payments, send_pending_refunds
from billing.services.asking import ask_gateways
from billing.services.gateway_messages import deliver_due
from hms.core.jobs import add_job, counted

GIVE_UP_AFTER = timedelta(days=1)


def add_jobs() -> None:
    send_refunds = counted(send_pending_refunds, "%d refunds sent")
    give_up = counted(give_up_payments, "%d payments given up")
    add_job("payment-messages", _("Take in late payment messages"), timedelta(seconds=5), take_in_messages)
    add_job("ask-gateways", _("Ask gateways about open payments"), timedelta(minutes=1), ask)
    add_job("send-refunds", _("Send refunds to their gateway"), timedelta(minutes=1), send_refunds)
    add_job("abandon-payments", _("Give up unfinished payments"), timedelta(hours=1), give_up)


def take_in_messages() -> str:
    delivered, failed = deliver_due()
    return f"{delivered} messages taken in, {failed} failed" if delivered or failed else ""


def ask() -> str:
    answered, failed = ask_gateways()
    return f"{answered} payments ended by asking, {failed} questions failed" if answered or failed else ""


def give_up_payments() -> int:
    return abandon_payments(before=timezone.now() - GIVE_UP_AFTER)
