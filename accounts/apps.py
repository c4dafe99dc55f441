from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from audit.capture.registry import register


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and access")

    def ready(self):
        from accounts.anomalies import add_rules
        from accounts.models.owned import patient_owned_models

        for model in patient_owned_models():  # of every app: their models are all there by now
            register(
                model,
                patient=model.to_patient,
                exclude=("idempotency_key", *model.log_exclude),
                masked=model.log_masked,
            )
        register(
            self.get_model("User"),
            patient=None,
            exclude=("last_login", "name_key", "family_key"),
            masked=("password",),
            access=("groups", "user_permissions", "is_staff", "is_superuser", "is_active"),
        )
        add_rules()
