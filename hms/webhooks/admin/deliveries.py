from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hms.core.admin import ReadOnlyAdmin
from hms.core.admin_conflicts import StepActionsMixin
from hms.core.periods import PeriodFilter
from hms.webhooks.models import Delivery
from hms.webhooks.services import send_again
from hms.webhooks.statuses import DeliveryStatus


@admin.register(Delivery)
class DeliveryAdmin(StepActionsMixin, ReadOnlyAdmin):
    """What was sent to whom, how it ended, and sending it again."""

    list_display = ["reference", "status", "event", "endpoint", "created_at", "attempts", "said", "tried_at"]
    list_filter = ["status", "endpoint", "event", PeriodFilter]
    list_select_related = ["endpoint"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["=reference"]
    search_help_text = _("Reference, which is also the webhook-id")
    fields = [
        *("reference", "endpoint", "event", "created_at", "status", "attempts", "said"),
        *("tried_since", "tried_at", "due_at", "delivered_at", "body"),
    ]
    actions = ["send_again"]

    @admin.display(description=_("last answer"))
    def said(self, row: Delivery) -> str:
        return row.error or (str(row.answer) if row.answer else "")

    def has_resend_permission(self, request) -> bool:
        return request.user.has_perm("webhooks.change_endpoint")

    @admin.action(description=_("Send again"), permissions=["resend"])
    def send_again(self, request, queryset):
        def again(delivery):
            return send_again(delivery=delivery, by=request.user)

        taken = self.take_steps(request, queryset, DeliveryStatus.WAITING, again)
        words = ngettext("%d delivery is sent again.", "%d deliveries are sent again.", taken.done)
        self.tell(request, taken, words % taken.done)
