from django_filters import rest_framework as filters

from hms.core.days import local_day


class PeriodFilter(filters.FilterSet):
    """`from` and `to`: the first and the last day, in the hospital's time, of the column `period`."""

    period: str

    @classmethod
    def get_filters(cls):
        """With `from`, which no attribute can be called."""
        first = filters.DateFilter(method="not_before", help_text="The first day.")
        last = filters.DateFilter(method="not_after", help_text="The last day.")
        return super().get_filters() | {"from": first, "to": last}

    def not_before(self, rows, _name, day):
        return rows.filter(**{f"{self.period}__gte": local_day(day)[0]})

    def not_after(self, rows, _name, day):
        return rows.filter(**{f"{self.period}__lt": local_day(day)[1]})
