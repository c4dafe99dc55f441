"""What became of bookings, for every report that counts it: each booking is in exactly one of the four."""

from datetime import datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hms.reports.listed import bookings
from hms.reports.question import Column, Row
from scheduling.models import Appointment

COLUMNS = (
    Column("came", _("Came"), is_drawn=True, behind=bookings("came")),
    Column("coming", _("To come"), is_drawn=True, behind=bookings("coming")),
    Column("missed", _("No-show"), is_drawn=True, behind=bookings("missed")),
    Column("cancelled", _("Cancelled"), is_drawn=True, behind=bookings("cancelled")),
)
DEFINITION = _(
    "Bookings count on the day of the appointment; times that were held and never booked do not. Came: "
    "arrived, in consultation or completed. No-show: marked as such, or nobody came and the time has been "
    "over for some hours. To come: booked and not over."
)
NONE = dict.fromkeys(("came", "coming", "missed", "cancelled"), 0)


def counts(now: datetime | None = None) -> dict[str, Count]:
    fates = Appointment.objects.fates(now or timezone.now())
    return {name: Count("pk", filter=condition) for name, condition in fates.items()}


def booked(row: Row) -> int:
    return sum(row[name] for name in NONE)
