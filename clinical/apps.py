from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClinicalConfig(AppConfig):
    name = "clinical"
    verbose_name = _("Clinical records")

    def ready(self):
        from accounts.visibility import add_patient_scope
        from audit.anomalies.registry import add_rule
        from clinical.access import opened_in_an_emergency
        from clinical.services import load_common_diagnoses
        from clinical.services.emergency import RULE
        from clinical.services.formulary import load_first_formulary
        from clinical.services.lab_catalogue import fill_possible_limits, load_catalogue
        from clinical.services.notifiable import load_first_notifiable_diseases
        from hms.core.migrated import when_migrated

        add_patient_scope(opened_in_an_emergency)
        add_rule(RULE, _("Emergency access"), lambda _accesses: ())
        when_migrated(load_common_diagnoses)
        when_migrated(load_catalogue)
        when_migrated(fill_possible_limits)
        when_migrated(load_first_formulary)
        when_migrated(load_first_notifiable_diseases)
