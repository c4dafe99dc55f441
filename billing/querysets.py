from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.apps import apps
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone

from accounts.querysets import PatientOwnedQuerySet
from audit.capture.querysets import AuditedQuerySet
from billing.statuses import (
    AMOUNT_DIFFERS,
    GatewayCode,
    InvoiceStatus,
    PaymentStatus,
    RefundStatus,
    TransactionStatus,
)
from scheduling.statuses import AppointmentStatus

# Nothing is due for an appointment that was never booked.
NOT_YET_BOOKED = (AppointmentStatus.HELD, AppointmentStatus.EXPIRED)
ASK_AFTER = timedelta(minutes=2)  # when a message of the gateway would have come


class InvoiceQuerySet(PatientOwnedQuerySet):
    def for_patients(self) -> "InvoiceQuerySet":
        """Bills of booked visits and bills with a captured payment; not those of expired holds."""
        payments = self.model.payments.field.model._base_manager.filter(invoice=OuterRef("pk"))
        paid = Exists(payments.filter(status=PaymentStatus.CAPTURED).order_by())
        owed = ~Q(status=InvoiceStatus.VOID) & ~Q(appointment__status__in=NOT_YET_BOOKED)
        return self.filter(owed | paid)

    def for_list(self) -> "InvoiceQuerySet":
        return self.select_related("patient", "appointment__doctor").prefetch_related(
            "payments__receipt", "payments__refunds"
        )


class PaymentQuerySet(PatientOwnedQuerySet):
    def captured(self) -> "PaymentQuerySet":
        return self.filter(status=PaymentStatus.CAPTURED)

    def open(self) -> "PaymentQuerySet":
        return self.filter(status__in=[PaymentStatus.CREATED, PaymentStatus.PENDING])

    def to_ask_about(self, now: datetime) -> "PaymentQuerySet":
        """Open payments whose gateway is to be asked, those it was never asked about first."""
        is_due = Q(ask_at__lte=now) | Q(ask_at__isnull=True, created_at__lte=now - ASK_AFTER)
        return self.open().filter(is_due).order_by("ask_at", "pk")

    def with_transaction_status(self) -> "PaymentQuerySet":
        """Adds `transaction_status`: its own status, or what became of its refunds."""
        found = [When(condition, then=Value(word)) for word, condition in _transaction_statuses().items()]
        return self.annotate(transaction_status=Case(*found, output_field=CharField()))

    def in_transaction_status(self, words: Iterable[str]) -> "PaymentQuerySet":
        conditions = _transaction_statuses()
        return self.filter(reduce(or_, (conditions[word] for word in words)))

    def with_visit(self) -> "PaymentQuerySet":
        return self.select_related(
            "invoice__patient", "invoice__appointment__doctor", "invoice__appointment__branch"
        )


def _transaction_statuses() -> dict[str, Q]:
    refunds = apps.get_model("billing", "Refund").objects.filter(payment=OuterRef("pk")).order_by()
    is_waiting = Q(Exists(refunds.filter(status=RefundStatus.PENDING)))
    came, word = Q(status=PaymentStatus.CAPTURED), TransactionStatus
    in_full = came & Q(refunded_amount=F("amount"))
    return {status: Q(status=status) for status in PaymentStatus if status != PaymentStatus.CAPTURED} | {
        word.CAPTURED: came & Q(refunded_amount=0),
        word.PARTLY_REFUNDED: came & Q(refunded_amount__gt=0, refunded_amount__lt=F("amount")),
        word.REFUNDING: in_full & is_waiting,
        word.REFUNDED: in_full & ~is_waiting,
    }


class RefundQuerySet(PatientOwnedQuerySet):
    def to_hand_out(self) -> "RefundQuerySet":
        """Refunds of desk payments that wait for somebody to hand out the money."""
        return self.filter(status=RefundStatus.PENDING, payment__gateway=GatewayCode.DESK)

    def failed(self, since: datetime) -> "RefundQuerySet":
        """Refunds that failed, of payments on which money is kept since."""
        kept = Q(payment__refunded_amount__lt=F("payment__amount"))
        return self.filter(kept, status=RefundStatus.FAILED, closed_at__gte=since)


class GatewayEventQuerySet(PatientOwnedQuerySet):
    def in_doubt(self) -> "GatewayEventQuerySet":
        """Messages about money that was not what had been asked for, which nobody has marked as seen."""
        return self.filter(outcome=AMOUNT_DIFFERS, seen_at__isnull=True)


class TaxClassQuerySet(AuditedQuerySet):
    def in_force(self, on: date | None = None) -> "TaxClassQuerySet":
        on = on or timezone.localdate()
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)


class BillingProfileQuerySet(AuditedQuerySet):
    def in_force(self, on: date | None = None):
        """The profile that applies on the day, with its policy; None before the first."""
        return self.begun(on or timezone.localdate()).first()

    def begun(self, on: date) -> "BillingProfileQuerySet":
        return self.filter(valid_from__lte=on).select_related("policy").order_by("-valid_from")
