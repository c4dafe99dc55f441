from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import PatientOwned, Scope
from billing.querysets import InvoiceQuerySet
from billing.statuses import BillState, ChargeKind, InvoiceStatus, PaymentStatus, Treatment
from hms.core.constraints import not_negative, one_of
from hms.core.references import new_reference
from scheduling.statuses import UPCOMING

PARTS = ("taxable_value", "cgst", "sgst", "igst")


def money(label, **options):
    return models.DecimalField(label, max_digits=11, decimal_places=2, **options)


class Invoice(PatientOwned):
    """One bill of one patient. Its lines never change; issuing it sets the number and the printed copies."""

    view_every_permission = "billing.view_invoice"
    guardian_scopes = (Scope.PAY,)
    access_created = _("Created a bill for %(whom)s")

    reference = models.CharField(
        _("reference"), max_length=10, unique=True, default=new_reference, editable=False
    )
    patient = models.ForeignKey(
        "accounts.Patient", on_delete=models.PROTECT, related_name="invoices", verbose_name=_("patient")
    )
    appointment = models.ForeignKey(
        "scheduling.Appointment", on_delete=models.PROTECT, null=True,
        related_name="invoices", verbose_name=_("appointment"),
    )  # fmt: skip
    status = models.CharField(_("status"), max_length=8, choices=InvoiceStatus, default=InvoiceStatus.DRAFT)
    idempotency_key = models.CharField(max_length=64, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=16, unique=True, null=True, editable=False)
    issued_at = models.DateTimeField(_("issued at"), null=True, editable=False)
    frozen = models.JSONField(_("as printed"), default=dict, editable=False)
    taxable_value = money(_("before tax"))
    cgst = money(_("CGST"))
    sgst = money(_("SGST"))
    igst = money(_("IGST"), default=0)
    total = money(_("total"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("opened by"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("opened at"), default=timezone.now, editable=False, db_index=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta(PatientOwned.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        constraints = [
            one_of("status", InvoiceStatus, "billing_invoice_status_exists"),
            *(not_negative(part, f"billing_invoice_{part}_is_not_negative") for part in PARTS),
            not_negative("total", "billing_invoice_total_is_not_negative"),
            models.CheckConstraint(
                condition=Q(status=InvoiceStatus.ISSUED, number__isnull=False, issued_at__isnull=False)
                | (~Q(status=InvoiceStatus.ISSUED) & Q(number__isnull=True, issued_at__isnull=True)),
                name="billing_only_an_issued_invoice_has_a_number",
            ),
        ]

    def __str__(self):
        return self.number or self.reference

    @property
    def tax(self):
        return self.cgst + self.sgst + self.igst

    @property
    def service_charge(self) -> Decimal:
        """Before tax, from the prefetched lines where available."""
        charges = (line for line in self.lines.all() if line.kind == ChargeKind.SERVICE_CHARGE)
        return sum((line.taxable_value for line in charges), Decimal("0.00"))

    @property
    def fee(self) -> Decimal:
        """All other charges before tax: with the service charge and the tax they are the total."""
        return self.taxable_value - self.service_charge

    @property
    def captured_payments(self) -> list:
        """Captured payments, from the prefetched ones where available."""
        return [p for p in self.payments.all() if p.status == PaymentStatus.CAPTURED]

    @property
    def is_paid(self) -> bool:
        return self.counting_payment is not None

    @property
    def counting_payment(self):
        """The payment that the bill is paid with, or None: the first that is not refunded in full."""
        counting = [p for p in self.captured_payments if p.refunded_amount < p.amount]
        return min(counting, key=lambda payment: payment.captured_at, default=None)

    @property
    def has_lapsed(self) -> bool:
        """Whether it belongs to a hold that has run out."""
        return self.appointment is not None and self.appointment.was_not_booked_in_time

    @property
    def is_payable(self) -> bool:
        """Whether the desk can take its money; what was refunded in full can be paid again."""
        is_open = self.status != InvoiceStatus.VOID and not self.has_lapsed
        return is_open and self.total > 0 and not self.is_paid

    @property
    def is_due(self) -> bool:
        """Whether the payer is asked for its money; not any more for a past visit that was refunded."""
        if not self.is_payable:
            return False
        return not self.captured_payments or (
            self.appointment is not None and self.appointment.status in UPCOMING
        )

    @property
    def amount_to_hand_out(self) -> Decimal:
        """Refunds that the front desk still owes, also beside a payment that counts."""
        return sum((payment.amount_to_hand_out for payment in self.captured_payments), Decimal("0.00"))

    @property
    def state(self) -> BillState:
        if self.is_paid:
            return BillState.PAID
        if self.is_due:
            return BillState.UNPAID
        if self.captured_payments:
            if self.amount_to_hand_out:
                return BillState.REFUND_DUE
            is_sent = any(payment.pending_refunds for payment in self.captured_payments)
            return BillState.REFUND_SENT if is_sent else BillState.REFUNDED
        if self.status == InvoiceStatus.VOID:
            return BillState.VOID
        return BillState.LAPSED if self.has_lapsed else BillState.FREE


class InvoiceLine(PatientOwned):
    """One charge on a bill, with its tax as it was when the bill was opened."""

    to_patient = "invoice__patient_id"
    view_every_permission = "billing.view_invoice"
    guardian_scopes = (Scope.PAY,)
    is_part = True

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("charge"), max_length=20, choices=ChargeKind)
    description = models.CharField(_("description"), max_length=200)
    quantity = models.DecimalField(_("quantity"), max_digits=8, decimal_places=2, default=1)
    unit_price = money(_("price"))
    discount = money(_("discount"), default=0)
    taxable_value = money(_("before tax"))
    tax_class = models.ForeignKey(
        "billing.TaxClass", on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("tax class"),
    )  # fmt: skip
    treatment = models.CharField(_("treatment"), max_length=8, choices=Treatment)
    rate = models.DecimalField(_("rate (%)"), max_digits=5, decimal_places=2)
    sac = models.CharField(_("SAC"), max_length=6, blank=True)
    cgst = money(_("CGST"))
    sgst = money(_("SGST"))
    igst = money(_("IGST"), default=0)
    total = money(_("total"))

    class Meta(PatientOwned.Meta):
        ordering = ["invoice", "position"]
        verbose_name = _("line of a bill")
        verbose_name_plural = _("lines of a bill")
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="billing_line_has_its_own_position"),
            one_of("kind", ChargeKind, "billing_line_charge_exists"),
            one_of("treatment", Treatment, "billing_line_treatment_exists"),
            *(not_negative(part, f"billing_line_{part}_is_not_negative") for part in PARTS),
            not_negative("discount", "billing_line_discount_is_not_negative"),
            models.CheckConstraint(condition=Q(cgst=models.F("sgst")), name="billing_line_halves_are_equal"),
            models.CheckConstraint(condition=Q(igst=0) | Q(cgst=0), name="billing_line_is_taxed_once"),
            models.CheckConstraint(
                condition=Q(treatment=Treatment.TAXABLE) | Q(cgst=0, igst=0),
                name="billing_line_carries_tax_only_when_taxable",
            ),
        ]

    def __str__(self):
        return self.description

    @property
    def tax(self):
        return self.cgst + self.sgst + self.igst
