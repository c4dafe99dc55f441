from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "hms.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self):
        from hms.notifications import missed_receivers, offer_receivers, receivers  # noqa: F401
        from hms.notifications.jobs import add_jobs

        add_jobs()
