"""What a notification is about, how it travels, what it can be and from where to where it may go."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    REFUND = "refund", _("Money on its way back")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")


class NotificationStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    GIVEN_UP = "given_up", _("Given up")


_N = NotificationStatus
NOTIFICATION_STEPS: dict[str, frozenset[str]] = {
    _N.WAITING: frozenset({_N.SENT, _N.GIVEN_UP}),
    _N.SENT: frozenset(),
    _N.GIVEN_UP: frozenset({_N.WAITING}),  # an operator lets it be tried again
}
