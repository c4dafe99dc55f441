"""What bills, payments and refunds can be, and from where to where they may go."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InvoiceStatus(models.TextChoices):
    DRAFT = "draft", _("Open")
    ISSUED = "issued", _("Issued")
    VOID = "void", _("Void")


class PaymentStatus(models.TextChoices):
    CREATED = "created", _("Started")
    PENDING = "pending", _("Waiting for the bank")
    CAPTURED = "captured", _("Paid")
    FAILED = "failed", _("Declined")
    ABANDONED = "abandoned", _("Given up")


class RefundStatus(models.TextChoices):
    PENDING = "pending", _("On its way")
    PROCESSED = "processed", _("Refunded")
    FAILED = "failed", _("Failed")


_I, _P, _R = InvoiceStatus, PaymentStatus, RefundStatus
INVOICE_STEPS: dict[str, frozenset[str]] = {
    _I.DRAFT: frozenset({_I.ISSUED, _I.VOID}),
    _I.ISSUED: frozenset(),  # what is issued is corrected by another document
    _I.VOID: frozenset(),
}
PAYMENT_STEPS: dict[str, frozenset[str]] = {
    # A bank may report before our own request has returned, so also straight from the start.
    _P.CREATED: frozenset({_P.PENDING, _P.CAPTURED, _P.FAILED, _P.ABANDONED}),
    _P.PENDING: frozenset({_P.CAPTURED, _P.FAILED, _P.ABANDONED}),
    _P.CAPTURED: frozenset(),
    # Money comes late: banks turn a declined or forgotten payment into a paid one days after.
    _P.FAILED: frozenset({_P.CAPTURED}),
    _P.ABANDONED: frozenset({_P.CAPTURED, _P.FAILED}),
}
REFUND_STEPS: dict[str, frozenset[str]] = {
    _R.PENDING: frozenset({_R.PROCESSED, _R.FAILED}),
    _R.PROCESSED: frozenset(),
    _R.FAILED: frozenset(),  # trying again is another refund
}


class ChargeKind(models.TextChoices):
    """What is charged for; a tax policy says how each kind is taxed."""

    CONSULTATION = "consultation", _("Consultation")
    SERVICE_CHARGE = "service_charge", _("Service charge")


class Treatment(models.TextChoices):
    """What the law does with a charge."""

    EXEMPT = "exempt", _("Exempt")
    NIL = "nil", _("Nil rated")
    TAXABLE = "taxable", _("Taxable")
    OUTSIDE = "outside", _("Outside GST")


class Method(models.TextChoices):
    CARD = "card", _("Card")
    UPI = "upi", _("UPI")
    CASH = "cash", _("Cash")


class GatewayCode(models.TextChoices):
    """Where the money is taken."""

    DESK = "desk", _("Front desk")
    SIMULATED = "simulated", _("Practice bank")


ONLINE_METHODS = (Method.CARD, Method.UPI)
