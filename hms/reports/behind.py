"""The list of the staff site that stands behind a row of a report, where the person may open it."""

from urllib.parse import urlencode

from django.urls import reverse

from hms.reports.question import Column, Row
from hms.reports.scope import Scope
from scheduling.models.branch import ALL

VISITS, BOOKINGS = "came", "booked"  # of scheduling.admin.filters.CountedFilter


def address_behind(row: Row, scope: Scope, column: Column | None = None) -> str:
    """Of the list of appointments with the filters of the row, or of the number in its column.

    Empty if it has none or is not all visible. All branches are named: the list begins with one's own.
    """
    if "behind" not in row or not sees_all(scope):
        return ""
    kind, narrowed = row["behind"]
    kind = column.behind or kind if column else kind
    first, last = row.get("days", (scope.first, scope.last))
    query = {"when": "any", "counted": f"{kind}.{first}.{last}", "branch": ALL} | dict(scope.listed_by)
    if scope.doctors is not None and len(scope.doctors) == 1:  # the list also has those whom one covers
        query["doctor__id__exact"] = str(*scope.doctors)
    return f"{reverse('admin:scheduling_appointment_changelist')}?{urlencode(query | narrowed)}"


def sees_all(scope: Scope) -> bool:
    """Whether the list shows the person all rows that are counted here."""
    user = scope.by
    if not user.has_perm("scheduling.view_appointment"):
        return False
    own = getattr(user, "doctor", None)
    return user.has_perm("scheduling.view_every_appointment") or (own and scope.doctors == {own.pk})
