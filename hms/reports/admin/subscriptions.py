from django.contrib import admin

from audit.reading.history import HistoryMixin
from hms.core.admin import ServiceAdmin
from hms.reports.models import ReportSubscription
from hms.reports.scheduled import delete_subscription, save_subscription


@admin.register(ReportSubscription)
class ReportSubscriptionAdmin(HistoryMixin, ServiceAdmin):
    """Who gets figures by e-mail."""

    list_display = ["user", "kind", "created_at"]
    list_select_related = ["user"]
    list_filter = ["kind"]
    fields = ["user", "kind"]
    autocomplete_fields = ["user"]

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_subscription(subscription=obj, by=request.user)

    def delete_with_service(self, request, obj):
        delete_subscription(subscription=obj, by=request.user)


def show_subscriptions(site, request):
    """The list, whose address would otherwise be that of a report."""
    return site.get_model_admin(ReportSubscription).changelist_view(request)
