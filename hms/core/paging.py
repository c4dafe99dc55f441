"""Pages of lists that may be very long."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

MOST = 10_000


class AtLeast(int):
    """A count that stopped: a page that shows it says that there may be more."""

    def __str__(self):
        return _("%(count)s or more") % {"count": f"{int(self):,}"}


class CappedPaginator(Paginator):
    """Counts up to a limit, because counting a whole log is slow."""

    @cached_property
    def count(self) -> int:
        found = self.object_list.order_by().values("pk")[:MOST].count()
        return AtLeast(found) if found == MOST else found


class KeysFirst(Paginator):
    """Finds the keys of a page of a long list first, and its rows by them.

    Asked for rows with all that is joined to them, MariaDB begins at a small table and sorts the whole list.
    """

    long = 500

    def page(self, number):
        number = self.validate_number(number)
        if self.count <= self.long or not isinstance(self.object_list, QuerySet):
            return super().page(number)
        first = (number - 1) * self.per_page
        keys = list(self.object_list.values_list("pk", flat=True)[first : first + self.per_page])
        found = self.object_list.all()
        found.query.clear_where()  # the keys are those of the rows that may be shown
        rows = {row.pk: row for row in found.filter(pk__in=keys)}
        return self._get_page([rows[key] for key in keys if key in rows], number, self)


class LongList(KeysFirst, CappedPaginator):
    """Of the staff site."""
