"""Refusals of the billing services; forms and the admin show their messages unchanged."""

from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class AlreadyPaid(Refusal):
    code = "already_paid"
    text = _("This bill has been paid.")


class BillClosed(Refusal):
    code = "bill_closed"
    text = _("This bill can no longer be paid.")


class NothingToPay(Refusal):
    code = "nothing_to_pay"
    text = _("There is nothing to pay.")


class HoldExpired(Refusal):
    code = "hold_expired"
    text = _("The time is no longer kept for you. Please choose a time again.")


class PriceChanged(Refusal):
    code = "price_changed"
    text = _("The price has changed since this page was opened. Please check it again.")


class PaidLess(Refusal):
    code = "paid_less"
    text = _(
        "The price of this paid appointment is %(old)s, and a visit to this doctor costs %(new)s. Please "
        "call us to move it, or cancel it, which refunds your payment, and book again."
    )


class MethodNotOffered(Refusal):
    code = "method_not_offered"
    text = _("This way of paying is not offered here.")


class RefundTooLarge(Refusal):
    code = "refund_too_large"
    text = _("At most %(left)s can be refunded.")


class RefundInstead(Refusal):
    code = "refund_instead"
    text = _("The money of this payment has come. Refund it instead.")


class NoTaxRule(Refusal):
    code = "no_tax_rule"
    text = _("The tax policy “%(policy)s” has no rule in force for: %(kind)s.")


class NoBillingProfile(Refusal):
    code = "no_billing_profile"
    text = _("This has no price: no billing profile is in force. An administrator can add one.")


class RateInUse(Refusal):
    code = "rate_in_use"
    text = _(
        "Bills already use this tax class. Add a new tax class with the same code and its first day, then "
        "set the last day of this one."
    )


class LeavesNoPrice(Refusal):
    code = "leaves_no_price"
    text = _("From %(day)s visits would have no price. Add what is to apply from then on first.")


class NothingInDoubt(Refusal):
    code = "nothing_in_doubt"
    text = _("This message is about the amount that was asked for.")


class SeenNoteMissing(Refusal):
    code = "seen_note_missing"
    field = "note"
    text = _("Say what was done about it.")
