from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "hms.reports"
    label = "reports"
    verbose_name = _("Reports")

    def ready(self):
        """Load every file of questions: each adds its own to the registry."""
        from django.db.models.signals import post_migrate, pre_migrate

        from hms.reports import questions, triggers
        from hms.reports.jobs import add_jobs

        for module in iter_modules(questions.__path__):
            import_module(f"{questions.__name__}.{module.name}")
        add_jobs()
        pre_migrate.connect(triggers.prepare_to_migrate, sender=self)
        post_migrate.connect(triggers.install_after_migrating, sender=self)
