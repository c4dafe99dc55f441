from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from audit.reading.history import HistoryMixin
from billing.models import BillingProfile, TaxClass, TaxPolicy, TaxRule
from billing.services.tariff import (
    save_billing_profile,
    save_tax_class,
    save_tax_policy,
    save_tax_rule,
)
from hms.core.admin import NoDeleteMixin, ServiceAdmin, ServiceInline


@admin.register(TaxClass)
class TaxClassAdmin(HistoryMixin, NoDeleteMixin, ServiceAdmin):
    list_display = ["name", "code", "treatment", "rate", "sac", "valid_from", "valid_to"]
    list_filter = ["treatment", "code"]
    search_fields = ["name", "code", "sac"]

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_tax_class(tax_class=obj, by=request.user)


class TaxRuleInline(NoDeleteMixin, ServiceInline):
    model = TaxRule
    extra = 0
    can_delete = False


@admin.register(TaxPolicy)
class TaxPolicyAdmin(HistoryMixin, NoDeleteMixin, ServiceAdmin):
    list_display = ["name", "code", "description"]
    search_fields = ["name", "code"]
    inlines = [TaxRuleInline]

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_tax_policy(policy=obj, by=request.user)

    def save_row_with_service(self, request, row):
        save_tax_rule(rule=row, by=request.user)


@admin.register(BillingProfile)
class BillingProfileAdmin(HistoryMixin, NoDeleteMixin, ServiceAdmin):
    list_display = ["legal_name", "valid_from", "gst_registered", "gstin", "policy", "service_charge"]
    list_select_related = ["policy"]

    def changelist_view(self, request, extra_context=None):
        profile = BillingProfile.objects.in_force()
        if profile and profile.gst_registered and not profile.gstin:
            text = _("Tax is charged, but no GSTIN is entered: receipts are printed without one.")
            self.message_user(request, text, messages.WARNING)
        return super().changelist_view(request, extra_context)

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_billing_profile(profile=obj, by=request.user)
