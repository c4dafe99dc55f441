"""Start a payment of a booking, refund it, void it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import visible_or_404
from accounts.exceptions import SecondPersonNeeded
from accounts.models import ApprovalRequest
from accounts.statuses import ApprovalStatus
from billing.api.transactions import Transaction, transactions
from billing.models import Payment
from billing.services import (
    ask_refund,
    go_to_gateway,
    pay_visit_online,
    refund_payment,
    take_desk_payment,
    void_payment,
)
from billing.statuses import Method, PaymentStatus, TransactionStatus
from hms.core.api.keys import key_of
from hms.core.api.serializers import KnownFields, ModelSerializer
from hms.core.money import PAISA
from hms.core.references import new_reference
from hms.core.refusals import NotAllowed
from hms.core.signals import access_denied
from scheduling.own import own_appointment_or_404

REASON_LENGTH = 200


class NewTransaction(KnownFields):
    pay = serializers.ChoiceField(
        [("online", gettext_lazy("Online")), ("desk", gettext_lazy("At the front desk"))],
        default="online",
        help_text="`desk`: the front desk has taken the money.",
    )
    method = serializers.ChoiceField(
        Method.choices, required=False, help_text="`cash` at the desk only; without it, `card` online."
    )
    total = serializers.DecimalField(
        11,
        2,
        required=False,
        help_text="The total that was shown; refused with `price_changed` if it is not.",
    )

    def validate(self, attrs):
        if attrs["pay"] == "desk" and "method" not in attrs:
            raise serializers.ValidationError({"method": [_("Say how it was paid.")]}, "required")
        return attrs


class Checkout(serializers.Serializer):
    url = serializers.URLField(help_text="The gateway's page, to be opened in the payer's browser.")
    expires_at = serializers.DateTimeField(
        allow_null=True, help_text="Until when the time is held; null for one that is booked."
    )


class StartedTransaction(Transaction):
    checkout = serializers.SerializerMethodField()

    class Meta(Transaction.Meta):
        fields = [*Transaction.Meta.fields, "checkout"]
        read_only_fields = fields

    def get_checkout(self, _payment) -> Checkout(allow_null=True):
        return self.context["checkout"]


class NewRefund(KnownFields):
    amount = serializers.DecimalField(
        11, 2, min_value=PAISA, required=False, help_text="Without it, all that is left."
    )
    reason = serializers.CharField(max_length=REASON_LENGTH, required=False)


class ChangedTransaction(KnownFields):
    status = serializers.ChoiceField([(TransactionStatus.REFUNDED.value, TransactionStatus.REFUNDED.label)])
    reason = serializers.CharField(max_length=REASON_LENGTH, required=False)


class WaitingRefund(ModelSerializer):
    """A refund above the limit of one person: nothing is refunded before another one approves it."""

    ref = serializers.CharField(source="reference", read_only=True)
    status = serializers.ChoiceField(ApprovalStatus.choices, read_only=True)

    class Meta:
        model = ApprovalRequest
        fields = ["ref", "status", "summary", "expires_at"]
        read_only_fields = fields


class PayBooking(APIView):
    @extend_schema(
        request=NewTransaction,
        responses={200: StartedTransaction, 201: StartedTransaction},
        operation_id="start_transaction",
    )
    def post(self, request, ref):
        """Start a payment of the whole bill; 200 with the one that is open already.

        The outcome comes from the gateway: ask for the transaction until it is not `pending` any more.
        """
        visit = own_appointment_or_404(request, ref)
        given = NewTransaction(data=request.data)
        given.is_valid(raise_exception=True)
        payment = started(request, visit, **given.validated_data)
        is_new = payment.status != PaymentStatus.PENDING
        checkout = None
        if payment.is_open:
            url = request.build_absolute_uri(go_to_gateway(payment=payment))
            checkout = Checkout({"url": url, "expires_at": visit.held_until}).data
        found = transactions(request.user).get(pk=payment.pk)
        headers = {"Location": request.build_absolute_uri(f"/api/v1/transactions/{payment.reference}/")}
        return Response(
            StartedTransaction(found, context={"checkout": checkout}).data,
            status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK,
            headers=headers,
        )


def started(request, visit, *, pay: str, method: str = Method.CARD, total=None) -> Payment:
    pay_by = take_desk_payment if pay == "desk" else pay_visit_online
    return pay_by(
        appointment=visit,
        method=method,
        total=total,
        by=request.user,
        idempotency_key=key_of(request) or new_reference(),
    )


class OneTransaction(APIView):
    @extend_schema(request=None, responses=Transaction, operation_id="show_transaction")
    def get(self, request, ref):
        return Response(written(request, ref))

    @extend_schema(
        request=ChangedTransaction,
        responses={200: Transaction, 202: WaitingRefund},
        operation_id="change_transaction",
    )
    def patch(self, request, ref):
        """Refund all that is left, for the billing office and administrators."""
        payment = payment_for(request, ref, "billing.refund_payment")
        given = ChangedTransaction(data=request.data)
        given.is_valid(raise_exception=True)
        if payment.is_refunded_in_full:
            return Response(written(request, ref))
        return refunded(request, payment, status.HTTP_200_OK, reason=given.validated_data.get("reason"))

    @extend_schema(
        request=ChangedTransaction,
        responses={200: Transaction, 202: WaitingRefund},
        operation_id="replace_transaction",
    )
    def put(self, request, ref):
        """The same as PATCH."""
        return self.patch(request, ref)

    @extend_schema(request=None, responses={204: None}, operation_id="void_transaction")
    def delete(self, request, ref):
        """Give up a payment whose money has not come; refused with `refund_instead` otherwise."""
        void_payment(payment=payment_for(request, ref, "billing.void_payment"), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RefundTransaction(APIView):
    @extend_schema(
        request=NewRefund,
        responses={201: Transaction, 202: WaitingRefund},
        operation_id="refund_transaction",
    )
    def post(self, request, ref):
        """Refund a part, or without a body the rest; above the limit another person is asked first (202)."""
        payment = payment_for(request, ref, "billing.refund_payment")
        given = NewRefund(data=request.data)
        given.is_valid(raise_exception=True)
        return refunded(request, payment, status.HTTP_201_CREATED, **given.validated_data)


def payment_for(request, ref: str, permission: str) -> Payment:
    """The payment; refuses, and logs, those who see it and have not the right."""
    payment = visible_or_404(request, Payment.objects.visible_to(request.user), ref)
    if not request.user.has_perm(permission):
        access_denied.send(Payment, request=request, key=ref, field="reference")
        raise NotAllowed
    return payment


def refunded(request, payment: Payment, done: int, *, amount=None, reason: str | None = None) -> Response:
    reason = reason or _("Refunded on request.")
    try:
        refund_payment(
            payment=payment,
            amount=amount,
            reason=reason,
            by=request.user,
            idempotency_key=key_of(request) or new_reference(),
        )
    except SecondPersonNeeded:
        asked = ask_refund(
            payment=payment, amount=amount or payment.refundable_amount, reason=reason, by=request.user
        )
        return Response(WaitingRefund(asked).data, status=status.HTTP_202_ACCEPTED)
    return Response(written(request, payment.reference), status=done)


def written(request, ref: str) -> dict:
    return Transaction(visible_or_404(request, transactions(request.user), ref)).data
