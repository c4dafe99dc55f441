from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from audit.capture.registry import register

OF_PATIENTS = {
    "Invoice": "patient_id",
    "InvoiceLine": "invoice__patient_id",
    "Payment": "invoice__patient_id",
    "Receipt": "payment__invoice__patient_id",
    "Refund": "payment__invoice__patient_id",
}


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("Billing")

    def ready(self):
        from billing import checks, receivers  # noqa: F401
        from billing.services.first_tariff import make_first_tariff
        from hms.core.migrated import when_migrated

        for name, patient in OF_PATIENTS.items():
            register(self.get_model(name), patient=patient, exclude=("idempotency_key",))
        for name in ("TaxClass", "TaxPolicy", "TaxRule", "BillingProfile"):
            register(self.get_model(name), patient=None)
        when_migrated(make_first_tariff)
