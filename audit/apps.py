from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Audit log")

    def ready(self):
        from django.contrib.auth.models import Group

        from audit import checks, receivers  # noqa: F401
        from audit.context import describe_process
        from audit.registry import register

        describe_process()
        receivers.listen()
        register(Group, patient=None, access=("permissions",))
