from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "hms.api"
    label = "api"
    verbose_name = _("REST API")

    def ready(self):
        from hms.api import schema  # noqa: F401 - tells the generator about tokens
        from hms.api.jobs import add_jobs

        add_jobs()
