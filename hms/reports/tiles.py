"""The figures of today: for the dashboard those that the person may see, and for `api/v1/stats/` all."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Patient
from billing.models import Payment, Refund
from billing.statuses import RefundStatus
from hms.core.days import local_day
from hms.core.money import rupees
from scheduling.access import NO_GROUND
from scheduling.models import Appointment, Doctor
from scheduling.statuses import AppointmentStatus

# Without them nothing is visible, and a figure of nothing would say that there is nothing.
RIGHTS = {
    "active_bookings": ["scheduling.view_appointment"],
    "visits_today": ["scheduling.view_appointment"],
    "patients": ["accounts.view_patient"],
}


@dataclass(frozen=True)
class Tile:
    label: str
    value: str
    href: str = ""  # of exactly what is counted


def tiles_for(user) -> list[Tile]:
    figures = figures_of(user)
    labels = {
        "doctors": _("Doctors who can be booked"),
        "active_bookings": _("Active bookings"),
        "visits_today": _("Appointments today"),
        "patients": _("Patients"),
        "revenue_today": _("Received today, less refunds"),
    }
    hrefs = addresses_for(user)
    labels = {name: label for name, label in labels.items() if user.has_perms(RIGHTS.get(name, ()))}
    return [
        Tile(
            label,
            rupees(value) if isinstance(value := figures[name], Decimal) else f"{value:,}",
            hrefs.get(name, ""),
        )
        for name, label in labels.items()
        if name in figures
    ]


def addresses_for(user) -> dict[str, str]:
    today = timezone.localdate()
    found = {}
    if user.has_perm("accounts.view_patient"):
        found["patients"] = reverse("admin:accounts_patient_changelist")
    if user.has_perm("reports.view_money"):
        day = urlencode({"first": today, "last": today})
        found["revenue_today"] = f"{reverse('admin:report', args=['revenue'])}?{day}"
    return found


def figures_of(user) -> dict[str, Any]:
    """Of the rows that are visible to the person; money only for those who may see reports of it."""
    today = timezone.localdate()
    visits = Appointment.objects.visible_to(user)
    figures = {
        "doctors": Doctor.objects.bookable(today).count(),
        "active_bookings": visits.upcoming().exclude(status=AppointmentStatus.HELD).count(),
        "patients": Patient.objects.visible_to(user).count(),
        "visits_today": visits.on_day(today).exclude(status__in=NO_GROUND).count(),
    }
    return figures | ({"revenue_today": revenue(user, today)} if user.has_perm("reports.view_money") else {})


def revenue(user, day: date) -> Decimal:
    begins, ends = local_day(day)
    captured = Payment.objects.visible_to(user).captured()
    captured = captured.filter(captured_at__gte=begins, captured_at__lt=ends)
    refunds = Refund.objects.visible_to(user).filter(
        status=RefundStatus.PROCESSED, closed_at__gte=begins, closed_at__lt=ends
    )
    return total(captured) - total(refunds)


def total(rows) -> Decimal:
    return rows.order_by().aggregate(total=Sum("amount"))["total"] or Decimal("0.00")
