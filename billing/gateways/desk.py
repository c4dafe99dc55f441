from collections.abc import Mapping
from typing import NoReturn

from billing.gateways.base import BadMessage, Gateway
from billing.models import Payment, Refund
from billing.statuses import GatewayCode


class Desk(Gateway):
    """The front desk: staff take and hand out the money, so no gateway is called."""

    code = GatewayCode.DESK
    refunds_itself = False

    def checkout_url(self, payment: Payment) -> str:
        return payment.get_absolute_url()

    def refund(self, refund: Refund) -> NoReturn:
        raise NotImplementedError("Money is handed out at the desk by a person.")

    def status_of(self, payment: Payment) -> None:
        """Staff settle its payments at once, so none is open."""

    def read(self, body: bytes, headers: Mapping[str, str]) -> NoReturn:  # noqa: ARG002
        raise BadMessage("The desk sends no messages.")
