from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.admin.invoices import SEARCH_HELP
from billing.admin.lists import BillingAdmin
from billing.models import Refund
from billing.services import pay_out_refund
from billing.statuses import RefundStatus
from hms.core.admin_conflicts import StepActionsMixin
from hms.core.money import money
from hms.core.periods import PeriodFilter


@admin.register(Refund)
class RefundAdmin(StepActionsMixin, BillingAdmin):
    list_display = ["reference", "payment", "patient", "back", "status", "reason", "by", "created_at"]
    list_filter = ["status", "payment__gateway", PeriodFilter]
    list_select_related = ["payment__invoice__patient", "by"]
    search_help_text = SEARCH_HELP
    to_reference = ("reference", "payment__reference")
    fields = [
        *("reference", "payment", "patient", "back", "status", "reason", "by"),
        *("gateway_reference", "created_at", "closed_at"),
    ]
    actions = ["mark_as_paid_out"]

    @admin.display(description=_("patient"))
    def patient(self, refund):
        return refund.payment.invoice.patient

    @admin.display(description=_("amount"), ordering="amount")
    def back(self, refund):
        return money(refund.amount)

    def has_refund_permission(self, request) -> bool:
        return request.user.has_perm("billing.refund_payment")

    @admin.action(description=_("Handed out at the desk"), permissions=["refund"])
    def mark_as_paid_out(self, request, queryset):
        def pay_out(refund):
            return pay_out_refund(refund=refund, by=request.user)

        taken = self.take_steps(request, queryset, RefundStatus.PROCESSED, pay_out)
        done = ngettext("%d refund was handed out.", "%d refunds were handed out.", taken.done) % taken.done
        self.tell(request, taken, done)
