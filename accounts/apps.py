from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from audit.capture.registry import register


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and access")

    def ready(self):
        from accounts.anomalies import add_rules
        from accounts.models.named import NAME_KEYS

        patient, guardianship = map(self.get_model, ("Patient", "Guardianship"))
        register(patient, patient="pk", exclude=NAME_KEYS)
        register(guardianship, patient="patient_id")
        add_rules()
