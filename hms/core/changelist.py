"""Django's list page, which would answer an impossible year in the address with an error of the server."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList

from hms.core.admin_conflicts import EditConflictMixin

# Years are ranges that Django computes itself.
PARTS_OF_A_MOMENT = {"date", "day", "hour", "minute", "month", "quarter", "second", "time", "week"}
PARTS_OF_A_MOMENT |= {"iso_week_day", "week_day"}


class ForgivingChangeList(ChangeList):
    """A list that takes a filter nobody can fulfil for what it is: a wrong address."""

    def __init__(self, *args, **kwargs):
        try:
            super().__init__(*args, **kwargs)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error


class HospitalModelAdmin(EditConflictMixin, admin.ModelAdmin):
    """What every admin of the hospital has in common."""

    def lookup_allowed(self, lookup, value, request=None):
        """No part of a moment: the database would have to know the hospital's zone."""
        _column, *rest = lookup.split("__")
        return PARTS_OF_A_MOMENT.isdisjoint(rest) and super().lookup_allowed(lookup, value, request)

    def get_changelist(self, request, **kwargs):  # noqa: ARG002 - Django's signature
        return ForgivingChangeList
