from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.visibility import add_patient_scope
from audit.evidence.verification.derived import add_check


class SchedulingConfig(AppConfig):
    name = "scheduling"
    verbose_name = _("Scheduling")

    def ready(self):
        from hms.core.migrated import when_migrated
        from scheduling import receivers  # noqa: F401
        from scheduling.access import patients_seen_by
        from scheduling.anomalies import add_rules
        from scheduling.claims_check import check_claims
        from scheduling.jobs import add_jobs
        from scheduling.services.no_show import add_first_no_show_model
        from scheduling.services.shipped import load_first_complaints

        add_patient_scope(patients_seen_by)
        add_check("Claims", check_claims)
        add_rules()
        add_jobs()
        when_migrated(load_first_complaints)
        when_migrated(add_first_no_show_model)
