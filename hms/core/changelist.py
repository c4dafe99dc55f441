"""The staff site's lists: what an address may ask of them."""

from collections import defaultdict

from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model

from hms.core.admin_conflicts import EditConflictMixin
from hms.core.admin_links import PermittedLinksMixin
from hms.core.paging import LongList

# By model: filters that apps above the model's add to its list.
ADDED_FILTERS: dict[type[Model], list[type[admin.SimpleListFilter]]] = defaultdict(list)
OF_ONE_ROW = {"pk", "pk__exact", "id", "id__exact"}


class OwnFiltersChangeList(ChangeList):
    """Filters by the filters of the list and by nothing else; a value out of range is a wrong address.

    Django takes any lookup of any column from the address. That reveals values that no page shows, password
    hashes for example, a letter at a time, and some lookups end in errors of the database.
    """

    def __init__(self, *args, **kwargs):
        try:
            super().__init__(*args, **kwargs)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error

    def get_filters(self, request):
        """Refuse what is left of the address after each filter has taken its own parameters."""
        specs, has_filters, left, *others = super().get_filters(request)
        if unknown := sorted(left.keys() - OF_ONE_ROW):
            raise DisallowedModelAdminLookup(f"The list has no filter {', '.join(unknown)}")
        return specs, has_filters, left, *others


class HospitalModelAdmin(PermittedLinksMixin, EditConflictMixin, admin.ModelAdmin):
    """Base class of every admin class of the hospital."""

    paginator = LongList

    def get_view_on_site_url(self, obj=None):
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def get_list_filter(self, request):
        return [*super().get_list_filter(request), *ADDED_FILTERS[self.model]]

    def get_changelist(self, request, **kwargs):  # noqa: ARG002 - Django's signature
        return OwnFiltersChangeList
