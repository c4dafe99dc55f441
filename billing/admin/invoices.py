from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from billing.admin.lists import BillingAdmin
from billing.models import Invoice
from billing.statuses import BillState
from hms.core.money import money
from hms.core.periods import PeriodFilter

SEARCH_HELP = _("Reference, patient number, telephone number or beginning of a name")


@admin.register(Invoice)
class InvoiceAdmin(BillingAdmin):
    list_display = ["reference", "patient", "amount", "state", "created_at", "doctor"]
    list_filter = ["status", PeriodFilter]
    list_select_related = []  # with a join, MariaDB reads all patients first and sorts their bills
    search_help_text = SEARCH_HELP
    to_reference = ("reference", "appointment__reference")
    fields = [
        *("reference", "status", "state", "patient", "appointment"),
        *("taxable_value", "cgst", "sgst", "igst", "total", "by", "created_at"),
    ]
    change_form_template = "billing/admin/invoice.html"

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.prefetch_related("patient", "appointment__doctor", "payments__refunds")

    @admin.display(description=_("amount"), ordering="total")
    def amount(self, invoice):
        return money(invoice.total)

    @admin.display(description=_("paid"))
    def state(self, invoice):
        """What became of the bill, and what is to be handed out, also of a bill that is paid again."""
        left = invoice.amount_to_hand_out
        due = _("Refund due: hand out %(amount)s") % {"amount": money(left)} if left else ""
        if invoice.state == BillState.REFUND_DUE:
            return due
        return f"{invoice.state.label}. {due}" if due else invoice.state.label

    @admin.display(description=_("doctor"))
    def doctor(self, invoice):
        return invoice.appointment.doctor if invoice.appointment else "-"

    def render_change_form(self, request, context, obj=None, **kwargs):
        may_take = request.user.has_perm("billing.take_payment")
        context |= {
            "may_take": may_take and obj.is_payable and obj.appointment is not None,
            "lines": obj.lines.all(),
            "payments": obj.payments.all(),
        }
        return super().render_change_form(request, context, obj=obj, **kwargs)
