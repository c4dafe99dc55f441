"""Payment gateways. A new gateway is a class here and a choice in `GatewayCode`."""

from django.conf import settings

from billing.gateways.base import BadMessage, BadSignature, Gateway, Message
from billing.gateways.desk import Desk
from billing.gateways.simulated import PracticeBank
from billing.statuses import GatewayCode

__all__ = ["BadMessage", "BadSignature", "Gateway", "Message", "gateway_of", "online_gateway"]

GATEWAYS: dict[str, Gateway] = {
    GatewayCode.DESK: Desk(),
    GatewayCode.SIMULATED: PracticeBank(),
}


def gateway_of(code: str) -> Gateway:
    return GATEWAYS[code]


def online_gateway() -> Gateway | None:
    """The gateway for online payments, or None where patients can pay at the front desk only."""
    code = settings.ONLINE_GATEWAY
    return GATEWAYS[code] if code else None
