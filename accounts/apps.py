from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from audit.capture.registry import register

KEYS = ("name_key", "family_key")  # say the name again, for the search


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and access")

    def ready(self):
        from accounts.anomalies import add_rules

        patient, guardianship, user = map(self.get_model, ("Patient", "Guardianship", "User"))
        register(patient, patient="pk", exclude=KEYS)
        register(guardianship, patient="patient_id")
        register(
            user,
            patient=None,
            exclude=("last_login", *KEYS),
            masked=("password",),
            access=("groups", "user_permissions", "is_staff", "is_superuser", "is_active"),
        )
        add_rules()
