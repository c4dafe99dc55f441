from collections.abc import Iterator

from django.db.models import PROTECT
from django.utils.translation import gettext_lazy as _

from audit.reading.history import HistoryMixin
from hms.core.admin import ServiceAdmin
from scheduling.services.directory import delete_row

ADDRESS = (
    _("Address"),
    {
        "classes": ["collapse"],
        "fields": ["street", ("city", "postcode"), "county", ("state", "country")],
    },
)


class DirectoryAdmin(HistoryMixin, ServiceAdmin):
    """Rows of the hospital directory; deleted one at a time and only if nothing refers to them."""

    show_full_result_count = False

    def delete_with_service(self, request, obj):
        delete_row(row=obj, by=request.user)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs, request):
        """List the kinds of rows in the way, not every row: there may be twenty thousand."""
        needed = {self.opts.verbose_name for row in objs if not self.has_delete_permission(request, row)}
        users = sorted({str(kind) for row in objs for kind in _users_of(row)})
        return [str(row) for row in objs], {}, needed, users


def _users_of(row) -> Iterator[str]:
    for relation in row._meta.get_fields(include_hidden=True):
        if getattr(relation, "on_delete", None) is not PROTECT or relation.concrete:
            continue
        rows = relation.related_model._base_manager.filter(**{relation.field.name: row})
        if rows.exists():
            yield relation.related_model._meta.verbose_name_plural
