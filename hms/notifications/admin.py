from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.reading.history import HistoryMixin
from hms.core.admin import MatchingMixin, ReadOnlyAdmin, VisibleToMixin
from hms.core.periods import PeriodFilter
from hms.notifications.models import Notification


@admin.register(Notification)
class NotificationAdmin(HistoryMixin, MatchingMixin, VisibleToMixin, ReadOnlyAdmin):
    """Recipients, times and statuses of notifications; not their text, which is private to the recipient."""

    list_display = [
        *("reference", "created_at", "kind", "patient", "recipient"),
        *("status", "attempts", "sent_at"),
    ]
    list_filter = ["status", "kind", PeriodFilter]
    list_select_related = ["patient"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]  # NotificationQuerySet.matching defines the search
    search_help_text = _("E-mail address, reference, patient number or beginning of a name")
    fields = [
        *("reference", "kind", "channel", "patient", "recipient", "status", "attempts"),
        *("last_error", "created_at", "due_at", "sent_at"),
    ]
