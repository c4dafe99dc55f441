"""Kinds, channels and statuses of notifications, and the allowed steps between statuses."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class Kind(models.TextChoices):
    REFUND = "refund", _("Money on its way back")
    MISSED = "missed", _("A visit that was missed")
    NEW_RECORD = "new_record", _("Something new in the records")
    WITHDRAWAL = "withdrawal", _("A document withdrawn")
    WEBHOOK_DISABLED = "webhook_disabled", _("A webhook disabled")
    REPORT = "report", _("Figures for staff")
    WAITING_OFFER = "waiting_offer", _("A time for somebody who waits")
    LEAVE_OFFER = "leave_offer", _("Another time for a visit")
    VISIT_STAYS = "visit_stays", _("A visit stays as it was")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")


class NotificationStatus(StepChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    GIVEN_UP = "given_up", _("Given up")

    @classmethod
    def steps(cls):
        return {
            cls.WAITING: {cls.SENT, cls.GIVEN_UP},
            cls.SENT: set(),
            cls.GIVEN_UP: {cls.WAITING},  # an operator retries it
        }
