from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import PatientOwned, Scope
from billing.models.invoice import money
from billing.querysets import PaymentQuerySet, RefundQuerySet
from billing.statuses import GatewayCode, Method, PaymentStatus, RefundStatus
from hms.core.constraints import not_negative, one_of
from hms.core.fingerprints import fingerprint_of
from hms.core.references import new_reference


class Payment(PatientOwned):
    """One attempt to pay one bill; a bill may have several attempts."""

    to_patient = "invoice__patient_id"
    view_every_permission = "billing.view_payment"
    guardian_scopes = (Scope.PAY,)
    log_exclude = ("ask_at", "asked_times")  # that nobody knew the outcome yet says nothing about the patient
    access_created = _("Started a payment for %(whom)s")
    access_changed = _("Updated a payment for %(whom)s")

    reference = models.CharField(
        _("reference"), max_length=10, unique=True, default=new_reference, editable=False
    )
    invoice = models.ForeignKey(
        "billing.Invoice", on_delete=models.PROTECT, related_name="payments", verbose_name=_("bill")
    )
    amount = money(_("amount"))
    refunded_amount = money(_("refunded"), default=0, help_text=_("Including what is still on its way back."))
    method = models.CharField(_("paid by"), max_length=8, choices=Method)
    gateway = models.CharField(_("taken at"), max_length=16, choices=GatewayCode)
    status = models.CharField(
        _("status"), max_length=16, choices=PaymentStatus, default=PaymentStatus.CREATED
    )
    gateway_reference = models.CharField(
        _("transaction id"), max_length=64, unique=True, null=True, blank=True
    )
    failure_reason = models.CharField(_("why it failed"), max_length=200, blank=True)
    idempotency_key = models.CharField(max_length=80, unique=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("started at"), default=timezone.now, editable=False, db_index=True)
    captured_at = models.DateTimeField(_("paid at"), null=True, editable=False)
    closed_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    # While it is open: when its gateway is asked again what became of it, and how often it was asked.
    ask_at = models.DateTimeField(null=True, editable=False)
    asked_times = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = PaymentQuerySet.as_manager()

    class Meta(PatientOwned.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        permissions = [
            ("take_payment", _("Can take payments at the desk")),
            ("refund_payment", _("Can refund money")),
            ("void_payment", _("Can give up payments whose money has not come")),
        ]
        indexes = [
            models.Index(fields=["status", "ask_at"], name="billing_payments_to_ask_about"),
            models.Index(fields=["captured_at"], name="billing_payments_of_days"),
        ]
        constraints = [
            one_of("status", PaymentStatus, "billing_payment_status_exists"),
            one_of("method", Method, "billing_payment_method_exists"),
            one_of("gateway", GatewayCode, "billing_payment_gateway_exists"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="billing_payment_is_of_an_amount"),
            not_negative("refunded_amount", "billing_refunds_are_not_negative"),
            models.CheckConstraint(
                condition=Q(refunded_amount__lte=F("amount")),
                name="billing_refunds_are_at_most_what_was_paid",
            ),
            models.CheckConstraint(
                condition=Q(status=PaymentStatus.CAPTURED, captured_at__isnull=False)
                | (~Q(status=PaymentStatus.CAPTURED) & Q(captured_at__isnull=True, refunded_amount=0)),
                name="billing_only_money_that_came_has_a_time_and_refunds",
            ),
            models.CheckConstraint(
                condition=~Q(method=Method.CASH) | Q(gateway=GatewayCode.DESK),
                name="billing_cash_is_taken_at_the_desk",
            ),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("billing:show-payment", args=[self.reference])

    @property
    def refundable_amount(self):
        return self.amount - self.refunded_amount

    @property
    def is_captured(self) -> bool:
        return self.status == PaymentStatus.CAPTURED

    @property
    def is_open(self) -> bool:
        return self.status in (PaymentStatus.CREATED, PaymentStatus.PENDING)

    @property
    def is_refunded_in_full(self) -> bool:
        return self.is_captured and self.refunded_amount == self.amount

    @property
    def is_doubled(self) -> bool:
        """Whether it is refunded because another payment of the bill counts."""
        return self.is_refunded_in_full and self.invoice.is_paid

    @property
    def pending_refunds(self) -> list["Refund"]:
        """Refunds that have not reached the payer, from the prefetched ones where available."""
        return [refund for refund in self.refunds.all() if refund.status == RefundStatus.PENDING]

    @property
    def refund_state(self) -> str:
        """The words for what became of its refunds: of those that somebody still waits for, if any."""
        standing = [refund for refund in self.refunds.all() if refund.status != RefundStatus.FAILED]
        first = next(iter(self.pending_refunds or standing), None)
        return first.state if first else ""

    @property
    def amount_to_hand_out(self) -> Decimal:
        return sum((r.amount for r in self.pending_refunds if r.is_to_hand_out), Decimal("0.00"))


class Refund(PatientOwned):
    """Money returned from one payment, or about to be returned."""

    to_patient = "payment__invoice__patient_id"
    view_every_permission = "billing.view_refund"
    guardian_scopes = (Scope.PAY,)
    access_created = _("Refunded money to %(whom)s")

    reference = models.CharField(
        _("reference"), max_length=10, unique=True, default=new_reference, editable=False
    )
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("payment")
    )
    amount = money(_("amount"))
    reason = models.CharField(_("reason"), max_length=200)
    status = models.CharField(_("status"), max_length=16, choices=RefundStatus, default=RefundStatus.PENDING)
    gateway_reference = models.CharField(
        _("transaction id"), max_length=64, unique=True, null=True, blank=True
    )
    idempotency_key = models.CharField(max_length=80, unique=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("decided at"), default=timezone.now, editable=False, db_index=True)
    closed_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    objects = RefundQuerySet.as_manager()

    class Meta(PatientOwned.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        indexes = [models.Index(fields=["closed_at"], name="billing_refunds_of_days")]
        constraints = [
            one_of("status", RefundStatus, "billing_refund_status_exists"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="billing_refund_is_of_an_amount"),
        ]

    def __str__(self):
        return self.reference

    @property
    def is_to_hand_out(self) -> bool:
        return self.status == RefundStatus.PENDING and self.payment.gateway == GatewayCode.DESK

    @property
    def state(self) -> str:
        """The words for its status: what was paid at the desk is handed out there, no bank sends it."""
        if self.payment.gateway != GatewayCode.DESK or self.status == RefundStatus.FAILED:
            return self.get_status_display()
        return _("Due at the front desk") if self.is_to_hand_out else _("Handed out")

    @property
    def shown(self) -> str:
        """The fingerprint that the button on a page carries."""
        return fingerprint_of(self, ("status",))
