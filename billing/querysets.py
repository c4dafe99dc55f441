"""Who sees which bill: those who may pay for the patient, and staff with the right to see bills."""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from accounts.models import Guardianship
from audit.capture.querysets import AuditedQuerySet
from audit.reading.reads import logs_reads
from billing.statuses import InvoiceStatus, PaymentStatus
from scheduling.statuses import AppointmentStatus

# An appointment that never came to be owes nothing.
NEVER_BOOKED = (AppointmentStatus.HELD, AppointmentStatus.EXPIRED)


class BillingQuerySet(AuditedQuerySet):
    """Rows that belong to a patient by way of `to_patient`."""

    to_patient = "patient_id"
    permission = "billing.view_invoice"

    @logs_reads
    def visible_to(self, user):
        """Everybody's for staff who may see bills; else those of patients for whom `user` may pay."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm(self.permission):
            return self
        paid_for = Guardianship.objects.in_force().filter(user=user, may_pay=True)
        return self.filter(**{f"{self.to_patient}__in": paid_for.values("patient_id")})


class InvoiceQuerySet(BillingQuerySet):
    def for_patients(self) -> "InvoiceQuerySet":
        """Bills of visits that were booked, or on which money has come; not of holds that ran out."""
        paid = Q(payments__status=PaymentStatus.CAPTURED)
        owed = ~Q(status=InvoiceStatus.VOID) & ~Q(appointment__status__in=NEVER_BOOKED)
        return self.filter(paid | owed).distinct()

    def for_list(self) -> "InvoiceQuerySet":
        return self.select_related("patient", "appointment__doctor").prefetch_related(
            "payments__receipt", "payments__refunds"
        )


class InvoiceLineQuerySet(BillingQuerySet):
    to_patient = "invoice__patient_id"


class PaymentQuerySet(BillingQuerySet):
    to_patient = "invoice__patient_id"
    permission = "billing.view_payment"

    def captured(self) -> "PaymentQuerySet":
        return self.filter(status=PaymentStatus.CAPTURED)

    def open(self) -> "PaymentQuerySet":
        return self.filter(status__in=[PaymentStatus.CREATED, PaymentStatus.PENDING])

    def with_visit(self) -> "PaymentQuerySet":
        return self.select_related(
            "invoice__patient", "invoice__appointment__doctor", "invoice__appointment__branch"
        )


class RefundQuerySet(BillingQuerySet):
    to_patient = "payment__invoice__patient_id"
    permission = "billing.view_refund"


class ReceiptQuerySet(BillingQuerySet):
    to_patient = "payment__invoice__patient_id"
    permission = "billing.view_receipt"


class GatewayEventQuerySet(BillingQuerySet):
    to_patient = "payment__invoice__patient_id"
    permission = "billing.view_gatewayevent"


class TaxClassQuerySet(AuditedQuerySet):
    def in_force(self, on: date | None = None) -> "TaxClassQuerySet":
        on = on or timezone.localdate()
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)


class BillingProfileQuerySet(AuditedQuerySet):
    def in_force(self, on: date | None = None):
        """The latest profile that has begun on the day, with its policy; None before the first."""
        return self.begun(on or timezone.localdate()).first()

    def begun(self, on: date) -> "BillingProfileQuerySet":
        """Profiles that have begun on the day, the latest first."""
        return self.filter(valid_from__lte=on).select_related("policy").order_by("-valid_from")
