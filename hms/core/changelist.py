"""The staff site's lists. Django's own answers an impossible year in the address with a server error."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList

from hms.core.admin_conflicts import EditConflictMixin

# Years are missing here: Django turns them into ranges itself.
PARTS_OF_A_MOMENT = {"date", "day", "hour", "minute", "month", "quarter", "second", "time", "week"}
PARTS_OF_A_MOMENT |= {"iso_week_day", "week_day"}


class ForgivingChangeList(ChangeList):
    """Treats a filter value that is out of range as a wrong address."""

    def __init__(self, *args, **kwargs):
        try:
            super().__init__(*args, **kwargs)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error


class HospitalModelAdmin(EditConflictMixin, admin.ModelAdmin):
    """Base class of every admin class of the hospital."""

    def lookup_allowed(self, lookup, value, request=None):
        """Refuse parts of a timestamp: the database would need the hospital's time zone."""
        _column, *rest = lookup.split("__")
        return PARTS_OF_A_MOMENT.isdisjoint(rest) and super().lookup_allowed(lookup, value, request)

    def get_changelist(self, request, **kwargs):  # noqa: ARG002 - Django's signature
        return ForgivingChangeList
