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

        from hms.core.changelist import ADDED_FILTERS
        from hms.reports import questions, triggers
        from hms.reports.admin.counted import CountedFilter
        from hms.reports.checks import require_hour
        from hms.reports.jobs import add_jobs
        from hms.reports.question import QUESTIONS

        require_hour()
        for module in iter_modules(questions.__path__):
            import_module(f"{questions.__name__}.{module.name}")
        for model in {one.behind.model for each in QUESTIONS.values() for one in each.columns if one.behind}:
            ADDED_FILTERS[model].append(CountedFilter)
        add_jobs()
        pre_migrate.connect(triggers.prepare_to_migrate, sender=self)
        post_migrate.connect(triggers.install_after_migrating, sender=self)
