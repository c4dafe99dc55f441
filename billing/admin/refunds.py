from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.admin.invoices import SEARCH_HELP
from billing.admin.lists import BillingAdmin
from billing.admin.pages import hand_out_button
from billing.models import Refund
from billing.services import pay_out_refund
from billing.statuses import RefundStatus
from hms.core.admin_conflicts import StepActionsMixin
from hms.core.money import money
from hms.core.periods import PeriodFilter


@admin.register(Refund)
class RefundAdmin(StepActionsMixin, BillingAdmin):
    list_display = ["reference", "payment", "patient", "back", "state", "reason", "by", "created_at"]
    list_filter = ["status", "payment__gateway", PeriodFilter]
    list_select_related = ["payment__invoice__patient", "by"]
    search_help_text = SEARCH_HELP
    to_reference = ("reference", "payment__reference")
    fields = [
        *("reference", "payment", "patient", "back", "state", "reason", "by"),
        *("gateway_reference", "created_at", "closed_at"),
    ]
    actions = ["mark_as_paid_out"]
    change_form_template = "billing/admin/refund_row.html"

    @admin.display(description=_("patient"))
    def patient(self, refund):
        return refund.payment.invoice.patient

    @admin.display(description=_("amount"), ordering="amount")
    def back(self, refund):
        return money(refund.amount)

    @admin.display(description=_("status"), ordering="status")
    def state(self, refund):
        return refund.state

    def state_of(self, row) -> str:
        return row.state

    def get_urls(self):
        button = self.admin_site.admin_view(hand_out_button(self))
        return [path("<path:object_id>/hand-out/", button, name="hand-out-refund"), *super().get_urls()]

    def render_change_form(self, request, context, obj=None, **kwargs):
        context["may_hand_out"] = obj.is_to_hand_out and self.has_refund_permission(request)
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def has_refund_permission(self, request) -> bool:
        return request.user.has_perm("billing.refund_payment")

    @admin.action(description=_("Handed out at the desk"), permissions=["refund"])
    def mark_as_paid_out(self, request, queryset):
        def pay_out(refund):
            return pay_out_refund(refund=refund, by=request.user)

        taken = self.take_steps(request, queryset, RefundStatus.PROCESSED, pay_out)
        done = ngettext("%d refund was handed out.", "%d refunds were handed out.", taken.done) % taken.done
        self.tell(request, taken, done)
