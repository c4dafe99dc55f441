"""What a payment gateway has to offer, and what it tells us in one form for all of them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from billing.models import Payment, Refund


class BadSignature(Exception):
    """The message was not signed by the gateway."""


class BadMessage(Exception):
    """The message is signed and cannot be understood."""


class MessageKind(models.TextChoices):
    CAPTURED = "captured"
    FAILED = "failed"


@dataclass(frozen=True)
class Message:
    """One signed message about one payment; `event_id` is the gateway's own and never repeats."""

    gateway: str
    event_id: str
    kind: MessageKind
    payment_reference: str
    amount: Decimal
    gateway_reference: str
    reason: str
    payload: dict


class Gateway(ABC):
    """One way of paying. Calls to the outside happen here and never inside a transaction."""

    code: str
    refunds_itself = True

    @abstractmethod
    def checkout_url(self, payment: Payment) -> str:
        """Where the payer is sent; asked twice for one payment, it makes one order."""

    @abstractmethod
    def refund(self, refund: Refund) -> str:
        """Refund and return the gateway's reference; asked twice for one refund, it pays once."""

    @abstractmethod
    def read(self, body: bytes, headers: Mapping[str, str]) -> Message:
        """Check the signature over the raw body and return the message.

        Raises `BadSignature` or `BadMessage`.
        """
