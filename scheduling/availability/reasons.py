from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why a time is not offered."""

    PAST = "past", _("This time has passed.")
    TOO_LATE = "too_late", _("It is too late to book this time online. Please call the front desk.")
    BEYOND_HORIZON = "beyond_horizon", _("This day cannot be booked yet.")
    OUTSIDE_HOURS = "outside_hours", _("The department is closed at this time.")
    LEAVE = "leave", _("The doctor is on leave.")
    HOLIDAY = "holiday", _("The hospital is closed on this holiday.")
    TAKEN = "taken", _("This time has been taken.")
    HELD = "held", _("Somebody else is booking this time right now.")
    PARTLY_TAKEN = "partly_taken", _("The next appointment begins too soon for a first visit.")
    TOO_SHORT = "too_short", _("Too little time is left for a first visit.")
    REGISTRATION_EXPIRED = "registration_expired", _("The doctor's registration has expired.")
    INACTIVE = "inactive", _("The doctor cannot be booked at present.")
    CURRENT = "current", _("The appointment is at this time now.")
    NOT_A_SLOT = "not_a_slot", _("The doctor does not see patients at this time.")
