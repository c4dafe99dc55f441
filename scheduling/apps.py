from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.visibility import add_patient_scope
from audit.capture.registry import register
from audit.evidence.verification.derived import add_check


class SchedulingConfig(AppConfig):
    name = "scheduling"
    verbose_name = _("Scheduling")

    def ready(self):
        from scheduling.access import patients_seen_by
        from scheduling.claims_check import check_claims

        add_patient_scope(patients_seen_by)
        register(self.get_model("Appointment"), patient="patient_id", exclude=("idempotency_key",))
        add_check("Claims", check_claims)
