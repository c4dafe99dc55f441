from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from hms.core.days import PLAUSIBLE_YEARS, local_day


def near(day: date) -> None:
    if day.year not in PLAUSIBLE_YEARS:
        raise ValidationError(_("This day is too far away."), code="too_far")


class PeriodFilter(filters.FilterSet):
    """`from` and `to`: the first and the last day, in the hospital's time, of the column `period`."""

    period: str

    @classmethod
    def get_filters(cls):
        """With `from`, which no attribute can be called."""
        first = filters.DateFilter(method="not_before", validators=[near], help_text="The first day.")
        last = filters.DateFilter(method="not_after", validators=[near], help_text="The last day.")
        return super().get_filters() | {"from": first, "to": last}

    def not_before(self, rows, _name, day):
        return rows.filter(**{f"{self.period}__gte": local_day(day)[0]})

    def not_after(self, rows, _name, day):
        return rows.filter(**{f"{self.period}__lt": local_day(day)[1]})
