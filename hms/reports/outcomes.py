"""What became of bookings, for every report that counts it: each booking is in exactly one of the four."""

from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hms.reports.question import Column, Row
from scheduling.models import Appointment
from scheduling.statuses import CAME
from scheduling.statuses import AppointmentStatus as Status

COLUMNS = (
    Column("came", _("Came"), is_drawn=True),
    Column("coming", _("To come"), is_drawn=True),
    Column("missed", _("No-show"), is_drawn=True),
    Column("cancelled", _("Cancelled"), is_drawn=True),
)
DEFINITION = _(
    "Bookings count on the day of the appointment; times that were held and never booked do not. Came: "
    "arrived, in consultation or completed. No-show: marked as such, or nobody came and the time has been "
    "over for some hours. To come: booked and not over."
)
NONE = dict.fromkeys(("came", "coming", "missed", "cancelled"), 0)


def counts(now: datetime | None = None) -> dict[str, Count]:
    missed = Q(status=Status.NO_SHOW) | Appointment.objects.missed_at(now or timezone.now())
    return {
        "came": Count("pk", filter=Q(status__in=CAME)),
        "missed": Count("pk", filter=missed),
        "cancelled": Count("pk", filter=Q(status=Status.CANCELLED)),
        "coming": Count("pk", filter=Q(status=Status.BOOKED) & ~missed),
    }


def booked(row: Row) -> int:
    return sum(row[name] for name in NONE)
