from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hms.reports.behind import COUNTED, Counted


class CountedFilter(admin.SimpleListFilter):
    """The rows behind a number of a report; the address of the list is that of the number."""

    title = _("counted in a report")
    parameter_name = COUNTED

    def lookups(self, request, model_admin):
        if not self.value():
            return []
        self.counted = Counted.read(self.value(), request.user)
        if self.counted is None or self.counted.column.behind.model != model_admin.model:
            raise IncorrectLookupParameters(self.value())
        scope = self.counted.scope
        names = (self.counted.question.title, self.counted.column.label)
        days = (date_format(day, "j M Y") for day in (scope.first, scope.last))
        return [(self.value(), _("%s: %s, %s – %s") % (*names, *days))]  # noqa: RUF001 - a range

    def queryset(self, request, queryset):  # noqa: ARG002
        return self.counted.of(queryset) if self.value() else queryset
