"""The interface of a payment gateway, and the message format that all gateways share."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from billing.models import Payment, Refund


class BadSignature(Exception):
    """The message was not signed by the gateway."""


class BadMessage(Exception):
    """The signature is valid, but the message cannot be parsed."""


class MessageKind(models.TextChoices):
    CAPTURED = "captured"
    FAILED = "failed"


@dataclass(frozen=True)
class Message:
    """One signed message about one payment; the gateway makes `event_id` unique."""

    gateway: str
    event_id: str
    kind: MessageKind
    payment_reference: str
    amount: Decimal
    gateway_reference: str
    reason: str
    payload: dict


class Gateway(ABC):
    """A payment gateway. Its calls to other servers never happen inside a transaction."""

    code: str
    refunds_itself = True

    @abstractmethod
    def checkout_url(self, payment: Payment) -> str:
        """The address of the payment page; a second call for the same payment makes no second order."""

    @abstractmethod
    def refund(self, refund: Refund) -> str:
        """Refund and return the gateway's reference; a second call for the same refund pays nothing."""

    @abstractmethod
    def status_of(self, payment: Payment) -> Message | None:
        """What became of the payment, as its message would say it; None while it has not ended.

        A gateway on another server is asked with a time-out.
        """

    @abstractmethod
    def read(self, body: bytes, headers: Mapping[str, str]) -> Message:
        """Check the signature over the raw body and return the message.

        Raises `BadSignature` or `BadMessage`.
        """
