from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "hms.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self):
        from hms.notifications import (  # noqa: F401
            care_receivers,
            missed_receivers,
            offer_receivers,
            receivers,
            visit_receivers,
        )
        from hms.notifications.jobs import add_jobs

        add_jobs()
