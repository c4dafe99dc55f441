"""Refunds above the hospital's limit: one person asks for them and another one approves."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals import ApprovalKind
from accounts.services import ask_approval
from billing.exceptions import RefundTooLarge
from billing.models import Payment
from billing.services.refunds import decide_refund, key_of_refund, refundable_of
from hms.core.money import money, to_paisa


def ask_refund(*, payment: Payment, amount: Decimal, reason: str, by):
    """Ask another person to approve a refund that `refund_payment` refuses to one alone."""
    values = {"amount": str(to_paisa(amount)), "reason": reason}
    return ask_approval(kind=LargeRefund.name, about_pk=payment.pk, values=values, by=by)


class LargeRefund(ApprovalKind):
    name, label = "refund", gettext_lazy("Refund above the limit")
    about, permission = "billing.payment", "billing.refund_payment"

    def check(self, about_pk, values, *, by):  # noqa: ARG002
        payment, amount = Payment.objects.get(pk=about_pk), Decimal(values["amount"])
        if not 0 < amount <= refundable_of(payment):
            raise RefundTooLarge(left=refundable_of(payment))
        text = _("Refund %(amount)s of payment %(payment)s: %(reason)s")
        return text % {"amount": money(amount), "payment": payment.reference, "reason": values["reason"]}

    def carry_out(self, about_pk, values, *, reference, asked_by, by):  # noqa: ARG002
        payment = Payment.objects.get(pk=about_pk)
        key = key_of_refund(payment, f"approval-{reference}")
        decide_refund(payment, Decimal(values["amount"]), values["reason"], by=asked_by, key=key)
