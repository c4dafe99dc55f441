from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from audit.capture.registry import register

# What is private to the recipient, and what the sender notes of its own work: a line for each attempt
# would say nothing of the patient. That it was written, sent, given up or tried again is logged.
NOT_LOGGED = ("idempotency_key", "subject", "body", "attempts", "due_at", "last_error")


class NotificationsConfig(AppConfig):
    name = "hms.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self):
        from hms.notifications import receivers  # noqa: F401

        register(self.get_model("Notification"), patient="patient_id", exclude=NOT_LOGGED)
