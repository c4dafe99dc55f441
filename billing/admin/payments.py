from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _

from billing.admin.invoices import SEARCH_HELP
from billing.admin.lists import BillingAdmin
from billing.admin.pages import refund_page, take_payment_page, void_page
from billing.models import Payment
from hms.core.money import money
from hms.core.periods import PeriodFilter


@admin.register(Payment)
class PaymentAdmin(BillingAdmin):
    list_display = [
        *("reference", "patient", "paid", "refunded", "method", "gateway"),
        *("status", "created_at"),
    ]
    list_filter = ["status", "gateway", "method", PeriodFilter]
    list_select_related = ["invoice__patient"]
    search_help_text = SEARCH_HELP
    to_reference = ("reference", "gateway_reference", "invoice__reference", "receipt__number")
    fields = [
        *("reference", "invoice", "patient", "status", "paid", "refunded", "method", "gateway"),
        *("gateway_reference", "failure_reason", "by", "created_at", "captured_at", "closed_at"),
    ]
    change_form_template = "billing/admin/payment.html"

    @admin.display(description=_("patient"))
    def patient(self, payment):
        return payment.invoice.patient

    @admin.display(description=_("amount"), ordering="amount")
    def paid(self, payment):
        return money(payment.amount)

    @admin.display(description=_("refund"), ordering="refunded_amount")
    def refunded(self, payment):
        if not payment.refunded_amount:
            return ""
        return f"{money(payment.refunded_amount)}: {payment.refund_state}"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("refunds")

    def get_urls(self):
        page = self.admin_site.admin_view
        return [
            path("take/<str:reference>/", page(take_payment_page(self)), name="take-desk-payment"),
            path("<path:object_id>/refund/", page(refund_page(self)), name="refund-payment"),
            path("<path:object_id>/void/", page(void_page(self)), name="void-payment"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, obj=None, **kwargs):
        may_refund = request.user.has_perm("billing.refund_payment")
        context |= {
            "may_refund": may_refund and obj.is_captured and obj.refundable_amount > 0,
            "may_void": obj.is_open and request.user.has_perm("billing.void_payment"),
            "has_receipt": hasattr(obj, "receipt"),
            "refunds": obj.refunds.select_related("by"),
        }
        return super().render_change_form(request, context, obj=obj, **kwargs)
