"""Warnings for operators about the payment gateway and the GSTIN."""

from collections.abc import Sequence

from django.conf import settings
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, DatabaseError

from billing.models import BillingProfile
from billing.statuses import GatewayCode


@checks.register(checks.Tags.security, deploy=True)
def practice_bank_is_for_practice(**_options) -> list[checks.CheckMessage]:
    if settings.ONLINE_GATEWAY != GatewayCode.SIMULATED:
        return []
    return [
        checks.Warning(
            "Patients pay at the practice bank, which transfers no money.",
            hint="Set ONLINE_GATEWAY to a real gateway, or leave it empty: payment at the front desk only.",
            id="billing.W001",
        )
    ]


@checks.register(checks.Tags.database)
def tax_is_charged_under_a_number(
    databases: Sequence[str] | None = None, **_options
) -> list[checks.CheckMessage]:
    """Forms require a GSTIN with GST; the first profile, which `migrate` creates, does not have one."""
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
            hint="Enter it in the admin under Billing profiles, or mark the hospital as not registered.",
            id="billing.W002",
        )
    ]
