"""What an operator must hear before patients do."""

from collections.abc import Sequence

from django.conf import settings
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, DatabaseError

from billing.models import BillingProfile
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


@checks.register(checks.Tags.database)
def tax_is_charged_under_a_number(
    databases: Sequence[str] | None = None, **_options
) -> list[checks.CheckMessage]:
    """The profile that comes with the migrations cannot know the hospital's GSTIN; no form saves one so."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    try:
        profile = BillingProfile.objects.in_force()
    except DatabaseError:
        return []  # before the first migration
    if profile is None or not profile.gst_registered or profile.gstin:
        return []
    return [
        checks.Warning(
            "The hospital charges GST, but its GSTIN is not entered: receipts are printed without one.",
            hint="Enter it in the admin under Billing profiles, or say there that it is not registered.",
            id="billing.W002",
        )
    ]
