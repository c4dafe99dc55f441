from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PutAway(models.Model):
    """An appointment that a login has taken off its own list; the appointment and its history stay."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(
        "scheduling.Appointment", on_delete=models.PROTECT, related_name="put_away"
    )

    class Meta:
        default_permissions = []
        verbose_name = _("appointment taken off a list")
        verbose_name_plural = _("appointments taken off a list")
        constraints = [
            models.UniqueConstraint(fields=["user", "appointment"], name="scheduling_put_away_once"),
        ]

    def __str__(self):
        return f"{self.user}: {self.appointment}"
