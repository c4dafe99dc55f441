from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("Billing")

    def ready(self):
        from accounts.approvals import add_kind
        from billing import checks, receivers  # noqa: F401
        from billing.jobs import add_jobs
        from billing.services.first_tariff import make_first_tariff
        from billing.services.large_refunds import LargeRefund
        from hms.core.migrated import when_migrated

        when_migrated(make_first_tariff)
        add_jobs()
        add_kind(LargeRefund())
