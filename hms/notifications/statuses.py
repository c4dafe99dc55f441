"""Kinds, channels and statuses of notifications, and the allowed steps between statuses."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class Kind(models.TextChoices):
    BOOKED = "booked", _("An appointment booked")
    MOVED = "moved", _("An appointment moved")
    CANCELLED = "cancelled", _("An appointment cancelled")
    REMINDER = "reminder", _("Reminder of an appointment")
    DOCTOR_LATE = "doctor_late", _("A doctor who runs late")
    REVIEW_ASKED = "review_asked", _("What you think of a visit")
    RECEIPT = "receipt", _("A receipt")
    REFUND = "refund", _("Money on its way back")
    MISSED = "missed", _("A visit that was missed")
    NEW_RECORD = "new_record", _("Something new in the records")
    WITHDRAWAL = "withdrawal", _("A document withdrawn")
    CARE_GIVEN = "care_given", _("Care for a patient given")
    CARE_ENDED = "care_ended", _("Care for a patient ended")
    WEBHOOK_DISABLED = "webhook_disabled", _("A webhook disabled")
    REPORT = "report", _("Figures for staff")
    WAITING_OFFER = "waiting_offer", _("A time for somebody who waits")
    LEAVE_OFFER = "leave_offer", _("Another time for a visit")
    VISIT_STAYS = "visit_stays", _("A visit stays as it was")


# Written in two steps: the event with its fact, the messages a moment later by the worker.
OF_VISITS = frozenset(
    {Kind.BOOKED, Kind.MOVED, Kind.CANCELLED, Kind.REMINDER, Kind.DOCTOR_LATE, Kind.REVIEW_ASKED}
)
# What patients may decline; everything else they need.
OPTIONAL = (Kind.REMINDER, Kind.DOCTOR_LATE, Kind.REVIEW_ASKED, Kind.NEW_RECORD)
# What waits until the quiet hours are over.
NOT_URGENT = frozenset({Kind.REMINDER, Kind.REVIEW_ASKED})


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")


class NotificationStatus(StepChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    GIVEN_UP = "given_up", _("Given up")
    OUTDATED = "outdated", _("Outdated")

    @classmethod
    def steps(cls):
        return {
            cls.WAITING: {cls.SENT, cls.GIVEN_UP, cls.OUTDATED},
            cls.SENT: set(),
            cls.GIVEN_UP: {cls.WAITING},  # an operator retries it
            cls.OUTDATED: set(),  # the visit changed before it could be sent
        }
