from django.contrib import admin

from billing.admin.lists import BillingAdmin
from billing.models import GatewayEvent
from hms.core.filters import by_time


@admin.register(GatewayEvent)
class GatewayEventAdmin(BillingAdmin):
    list_display = ["received_at", "gateway", "kind", "payment", "outcome", "event_id"]
    list_filter = ["gateway", "kind", "outcome", by_time("received_at")]
    list_select_related = ["payment"]
    search_fields = ["event_id"]
    to_reference = ("event_id", "payment__reference")
