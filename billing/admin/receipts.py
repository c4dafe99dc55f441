from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from billing.admin.invoices import SEARCH_HELP
from billing.admin.lists import BillingAdmin
from billing.models import Receipt
from hms.core.money import money
from hms.core.periods import by_time


@admin.register(Receipt)
class ReceiptAdmin(BillingAdmin):
    list_display = ["number", "patient", "amount", "payment", "issued_at", "paper"]
    list_filter = ["series", "financial_year", by_time("issued_at")]
    list_select_related = ["payment__invoice__patient"]
    search_help_text = SEARCH_HELP
    to_reference = ("number", "payment__reference")
    fields = ["number", "patient", "amount", "payment", "issued_at", "paper"]

    @admin.display(description=_("patient"))
    def patient(self, receipt):
        return receipt.payment.invoice.patient

    @admin.display(description=_("amount"))
    def amount(self, receipt):
        return money(receipt.payment.amount)

    @admin.display(description=_("paper"))
    def paper(self, receipt):
        return format_html('<a href="{}">{}</a>', receipt.get_absolute_url(), _("Show and print"))
