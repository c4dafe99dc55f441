"""Payments as the API calls them: what was charged, what came, and what was refunded."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers

from accounts.serializers import PatientInShort
from billing.models import Payment, Refund
from billing.querysets import PaymentQuerySet
from billing.statuses import TransactionStatus
from hms.core.api.periods import PeriodFilter
from hms.core.api.serializers import ModelSerializer
from hms.core.money import CURRENCY


class RefundInShort(ModelSerializer):
    ref = serializers.CharField(source="reference", read_only=True)

    class Meta:
        model = Refund
        fields = ["ref", "amount", "status", "reason", "created_at", "closed_at"]
        read_only_fields = fields


class Transaction(ModelSerializer):
    """One attempt to pay a bill; fee, service charge, GST and total are those of the bill."""

    ref = serializers.CharField(source="reference", read_only=True)
    fee = serializers.DecimalField(11, 2, source="invoice.fee", read_only=True)
    service_charge = serializers.DecimalField(11, 2, source="invoice.service_charge", read_only=True)
    gst = serializers.DecimalField(11, 2, source="invoice.tax", read_only=True)
    total_fee = serializers.DecimalField(11, 2, source="invoice.total", read_only=True)
    currency = serializers.SerializerMethodField()
    status = serializers.ChoiceField(TransactionStatus.choices, source="transaction_status", read_only=True)
    booking = serializers.CharField(
        source="invoice.appointment.reference", read_only=True, allow_null=True, default=None
    )
    invoice = serializers.CharField(source="invoice.reference", read_only=True)
    receipt = serializers.CharField(source="receipt.number", read_only=True, allow_null=True, default=None)
    patient = PatientInShort(source="invoice.patient", read_only=True)
    paid_at = serializers.DateTimeField(source="captured_at", allow_null=True, read_only=True)
    refunds = RefundInShort(many=True, read_only=True)

    class Meta:
        model = Payment
        fields = [
            *("ref", "fee", "service_charge", "gst", "total_fee", "currency", "status", "method", "gateway"),
            *("booking", "invoice", "receipt", "patient", "amount", "refunded_amount", "failure_reason"),
            *("created_at", "paid_at", "refunds"),
        ]
        read_only_fields = fields

    def get_currency(self, _payment) -> str:
        return CURRENCY


class TransactionFilter(PeriodFilter):
    period = "created_at"

    status = filters.MultipleChoiceFilter(choices=TransactionStatus.choices, method="in_status")
    booking = filters.CharFilter(
        field_name="invoice__appointment__reference", help_text="The `ref` of a booking."
    )
    patient = filters.CharFilter(
        field_name="invoice__patient__reference", help_text="The `ref` of a patient."
    )

    class Meta:
        model = Payment
        fields = []

    def in_status(self, payments, _name, words):
        return payments.in_transaction_status(words)


def transactions(user) -> PaymentQuerySet:
    """The related rows are read for one page: joined, MariaDB would sort all payments first."""
    found = Payment.objects.visible_to(user).with_transaction_status()
    return found.prefetch_related(
        "invoice__patient", "invoice__appointment", "invoice__lines", "receipt", "refunds"
    )


@extend_schema_view(get=extend_schema(operation_id="list_transactions"))
class Transactions(generics.ListAPIView):
    """Payments for the people for whom the login may pay; for staff, those that they may see."""

    serializer_class = Transaction
    filterset_class = TransactionFilter

    def get_queryset(self):
        return transactions(self.request.user)
