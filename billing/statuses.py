"""The statuses of bills, payments and refunds, and the allowed steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class InvoiceStatus(StepChoices):
    DRAFT = "draft", _("Open")
    ISSUED = "issued", _("Issued")
    VOID = "void", _("Void")

    @classmethod
    def steps(cls):
        return {
            cls.DRAFT: {cls.ISSUED, cls.VOID},
            cls.ISSUED: set(),  # an issued bill is corrected by a credit note
            cls.VOID: set(),
        }


class PaymentStatus(StepChoices):
    CREATED = "created", _("Started")
    PENDING = "pending", _("Waiting for the bank")
    CAPTURED = "captured", _("Paid")
    FAILED = "failed", _("Declined")
    ABANDONED = "abandoned", _("Given up")

    @classmethod
    def steps(cls):
        return {
            # The bank may report before our own request returns, so a new payment can end at once.
            cls.CREATED: {cls.PENDING, cls.CAPTURED, cls.FAILED, cls.ABANDONED},
            cls.PENDING: {cls.CAPTURED, cls.FAILED, cls.ABANDONED},
            cls.CAPTURED: set(),
            # Banks may turn a declined or abandoned payment into a paid one days later.
            cls.FAILED: {cls.CAPTURED},
            cls.ABANDONED: {cls.CAPTURED, cls.FAILED},
        }


class RefundStatus(StepChoices):
    PENDING = "pending", _("On its way")
    PROCESSED = "processed", _("Refunded")
    FAILED = "failed", _("Failed")

    @classmethod
    def steps(cls):
        return {
            cls.PENDING: {cls.PROCESSED, cls.FAILED},
            cls.PROCESSED: set(),
            cls.FAILED: set(),  # another attempt is a new refund
        }


class TransactionStatus(models.TextChoices):
    """What became of a payment and its refunds; see `PaymentQuerySet.with_transaction_status`."""

    CREATED = PaymentStatus.CREATED.value, PaymentStatus.CREATED.label
    PENDING = PaymentStatus.PENDING.value, PaymentStatus.PENDING.label
    CAPTURED = PaymentStatus.CAPTURED.value, PaymentStatus.CAPTURED.label
    PARTLY_REFUNDED = "partly_refunded", _("Refunded in part")
    REFUNDING = "refunding", _("Refund on its way or due")
    REFUNDED = "refunded", _("Refunded")
    FAILED = PaymentStatus.FAILED.value, PaymentStatus.FAILED.label
    ABANDONED = PaymentStatus.ABANDONED.value, PaymentStatus.ABANDONED.label


class BillState(models.TextChoices):
    """What became of a bill; it follows from the bill, its payments and their refunds."""

    UNPAID = "unpaid", _("To pay")
    PAID = "paid", _("Paid")
    REFUND_DUE = "refund_due", _("Refund due at the front desk")
    REFUND_SENT = "refund_sent", _("Refund on its way")
    REFUNDED = "refunded", _("Refunded")
    VOID = "void", _("Void")
    LAPSED = "lapsed", _("Not booked")
    FREE = "free", _("Nothing to pay")


class ChargeKind(models.TextChoices):
    """Kinds of charges; a tax policy assigns a tax class to each."""

    CONSULTATION = "consultation", _("Consultation")
    SERVICE_CHARGE = "service_charge", _("Service charge")


class Treatment(models.TextChoices):
    """How GST law treats a charge."""

    EXEMPT = "exempt", _("Exempt")
    NIL = "nil", _("Nil rated")
    TAXABLE = "taxable", _("Taxable")
    OUTSIDE = "outside", _("Outside GST")


class Method(models.TextChoices):
    CARD = "card", _("Card")
    UPI = "upi", _("UPI")
    CASH = "cash", _("Cash")


class GatewayCode(models.TextChoices):
    DESK = "desk", _("Front desk")
    SIMULATED = "simulated", _("Practice bank")


AMOUNT_DIFFERS = "amount_differs"  # what came of a gateway's message
ONLINE_METHODS = (Method.CARD, Method.UPI)
