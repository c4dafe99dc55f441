from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "hms.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self):
        from hms.webhooks import receivers  # noqa: F401
        from hms.webhooks.jobs import add_jobs

        add_jobs()
