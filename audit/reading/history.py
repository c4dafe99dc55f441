"""The history page of a record, taken from the log instead of Django's admin log.

Whoever sees the record sees its changes. Accesses are shown to those who may read the log.
"""

from dataclasses import dataclass

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from audit.capture.registry import registration_of
from audit.models import Action, AuditEvent
from audit.models.event import WRITES
from audit.reading.diff import Line, lines_of, seen_of
from audit.reading.pages import CappedPaginator
from audit.reading.search import of_record

ENTRIES_A_PAGE = 50


@dataclass(frozen=True)
class HistoryLine:
    event: AuditEvent
    changes: list[Line]

    @property
    def seen(self) -> str:
        return seen_of(self.event)

    @property
    def is_long(self) -> bool:
        """Values of a created or deleted row are folded away."""
        return self.event.action in (Action.CREATE, Action.DELETE) and bool(self.changes)


class HistoryMixin:
    """Takes the admin's history page of a logged model from the log."""

    object_history_template = "admin/audit/object_history.html"

    def shows_private_values(self, request, obj) -> bool:  # noqa: ARG002 - for subclasses
        """Whether whoever sees the row may read all of its columns."""
        return True

    def history_view(self, request, object_id, extra_context=None):
        if registration_of(self.model) is None:
            return super().history_view(request, object_id, extra_context)
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        private = self.shows_private_values(request, obj)
        sees_reads = request.user.has_perm("audit.view_auditevent")
        pages = CappedPaginator(entries_of(obj, with_reads=sees_reads), ENTRIES_A_PAGE)
        page = pages.get_page(request.GET.get("p"))
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % obj,
            "subtitle": None,
            "lines": [HistoryLine(event, list(lines_of(event, with_private=private))) for event in page],
            "page": page,
            "sees_reads": sees_reads,
            "module_name": capfirst(str(self.opts.verbose_name_plural)),
            "object": obj,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)


def entries_of(obj, *, with_reads: bool) -> QuerySet:
    """Entries about a row, the latest first."""
    registration = registration_of(type(obj))
    label = type(obj)._meta.concrete_model._meta.label_lower
    is_patient = bool(registration and registration.patient == "pk")
    if with_reads:
        return AuditEvent.objects.filter(of_record(label, obj.pk, patient_id=obj.pk if is_patient else None))
    return AuditEvent.objects.filter(of_record(label, obj.pk), action__in=WRITES)
