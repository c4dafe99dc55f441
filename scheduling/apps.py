from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.visibility import add_patient_scope
from audit.evidence.verification.derived import add_check


class SchedulingConfig(AppConfig):
    name = "scheduling"
    verbose_name = _("Scheduling")

    def ready(self):
        from scheduling.access import patients_seen_by
        from scheduling.claims_check import check_claims
        from scheduling.jobs import add_jobs

        add_patient_scope(patients_seen_by)
        add_check("Claims", check_claims)
        add_jobs()
