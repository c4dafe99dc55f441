"""What an operator must hear before patients do."""

from django.conf import settings
from django.core import checks

from billing.statuses import GatewayCode


@checks.register(checks.Tags.security, deploy=True)
def practice_bank_is_for_practice(**_options) -> list[checks.CheckMessage]:
    """The practice bank lets everybody pay without money."""
    if settings.ONLINE_GATEWAY != GatewayCode.SIMULATED:
        return []
    return [
        checks.Warning(
            "Patients pay at the practice bank, which moves no money.",
            hint="Name a real gateway in ONLINE_GATEWAY, or leave it empty: payment at the desk only.",
            id="billing.W001",
        )
    ]
