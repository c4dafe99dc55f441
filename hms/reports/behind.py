"""The list of the staff site that stands behind a row of a report, where the person may open it."""

from urllib.parse import urlencode

from django.urls import reverse

from hms.reports.question import Row
from hms.reports.scope import Scope

VISITS, BOOKINGS = "came", "booked"  # of scheduling.admin.filters.CountedFilter


def address_behind(row: Row, scope: Scope) -> str:
    """Of the list of appointments with the filters of the row; empty if it has none or is not all visible."""
    if "behind" not in row or not sees_all(scope):
        return ""
    kind, narrowed = row["behind"]
    first, last = row.get("days", (scope.first, scope.last))
    query = {"when": "any", "counted": f"{kind}.{first}.{last}"} | dict(scope.listed_by) | narrowed
    if len(scope.doctors or ()) == 1:  # the list also has the visits of colleagues whom a doctor covers
        [query["doctor__id__exact"]] = scope.doctors
    return f"{reverse('admin:scheduling_appointment_changelist')}?{urlencode(query)}"


def sees_all(scope: Scope) -> bool:
    """Whether the list shows the person all rows that are counted here."""
    user = scope.by
    if not user.has_perm("scheduling.view_appointment"):
        return False
    own = getattr(user, "doctor", None)
    return user.has_perm("scheduling.view_every_appointment") or (own and scope.doctors == {own.pk})
