"""What bills, payments and refunds can be, and from where to where they may go."""

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
            cls.ISSUED: set(),  # what is issued is corrected by another document
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
            # A bank may report before our own request has returned, so also straight from the start.
            cls.CREATED: {cls.PENDING, cls.CAPTURED, cls.FAILED, cls.ABANDONED},
            cls.PENDING: {cls.CAPTURED, cls.FAILED, cls.ABANDONED},
            cls.CAPTURED: set(),
            # Money comes late: banks turn a declined or forgotten payment into a paid one days after.
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
            cls.FAILED: set(),  # trying again is another refund
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
