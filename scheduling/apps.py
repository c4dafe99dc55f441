from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.visibility import add_patient_scope


class SchedulingConfig(AppConfig):
    name = "scheduling"
    verbose_name = _("Scheduling")

    def ready(self):
        from scheduling.access import patients_seen_by

        add_patient_scope(patients_seen_by)
