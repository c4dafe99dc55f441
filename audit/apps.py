from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Audit log")

    def ready(self):
        from django.contrib.auth.models import Group
        from django.db.models.signals import post_migrate, pre_migrate

        from audit import checks, receivers  # noqa: F401
        from audit.anomalies.rules import add_rules
        from audit.capture.context import describe_process
        from audit.capture.registry import register
        from audit.capture.services import logged_service
        from audit.evidence import triggers
        from audit.evidence.adoption import adopt_after_migrating
        from audit.jobs import add_jobs
        from audit.models.audited import register_audited_models
        from audit.reading.last_change import last_change_of
        from hms.core import edit_conflicts
        from hms.core.transactions import around_services

        describe_process()
        around_services.append(logged_service)
        edit_conflicts.last_change_sources.append(last_change_of)
        receivers.listen()
        add_rules()
        add_jobs()
        register_audited_models()
        register(Group, patient=None, access=("permissions",))
        pre_migrate.connect(triggers.remove_before_migrating, sender=self)
        post_migrate.connect(triggers.install_after_migrating, sender=self)
        post_migrate.connect(adopt_after_migrating, sender=self)
