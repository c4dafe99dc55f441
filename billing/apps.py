from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from audit.capture.registry import register


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("Billing")

    def ready(self):
        from billing import checks, receivers  # noqa: F401

        for name in ("TaxClass", "TaxPolicy", "TaxRule", "BillingProfile"):
            register(self.get_model(name), patient=None)
