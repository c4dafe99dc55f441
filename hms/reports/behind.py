"""The list of the staff site that stands behind a row of a report, where the person may open it."""

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse

from hms.core.days import midnight
from hms.reports.question import Question, Row
from hms.reports.scope import CAME, Scope
from scheduling.statuses import AppointmentStatus as Status

VISITS = {"status__in": ",".join(CAME)}
BOOKINGS = {
    "status__in": ",".join([Status.BOOKED, *CAME, Status.NO_SHOW, Status.CANCELLED]),
    "booked_at__isnull": "False",
}


def address_behind(question: Question, row: Row, scope: Scope) -> str:
    """Of the list of appointments with the filters of the row; empty if it has none or is not all visible."""
    if "behind" not in row or not sees_all(scope):
        return ""
    first, last = row.get("days", (scope.first, scope.last))
    days = {
        "when": "any",
        "starts_at__gte": midnight(first).isoformat(),
        "starts_at__lt": midnight(last + timedelta(days=1)).isoformat(),
    }
    return f"{reverse('admin:scheduling_appointment_changelist')}?{urlencode(days | scope.listed_by | row['behind'])}"


def sees_all(scope: Scope) -> bool:
    """Whether the list shows the person all rows that are counted here."""
    user = scope.by
    if not user.has_perm("scheduling.view_appointment"):
        return False
    own = getattr(user, "doctor", None)
    return user.has_perm("scheduling.view_every_appointment") or (own and scope.doctors == {own.pk})
