"""Decisions of the demo's administrator that make later pages show something."""

from accounts.models import User
from hms.reports.models import Figures, ReportSubscription
from hms.reports.scheduled import save_subscription
from scheduling.models import Doctor, OverbookingRule
from scheduling.services.directory import save_overbooking_rule


def plan_ahead(doctor: Doctor, by: User) -> None:
    """Extra places with one doctor, and figures by e-mail to the administrator."""
    if not OverbookingRule.objects.filter(doctor=doctor).exists():
        save_overbooking_rule(rule=OverbookingRule(doctor=doctor, extra_places=1), by=by)
    for kind in Figures:
        if not ReportSubscription.objects.filter(user=by, kind=kind).exists():
            save_subscription(subscription=ReportSubscription(user=by, kind=kind), by=by)
