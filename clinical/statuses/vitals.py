"""Choices and statuses of vital signs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class Consciousness(models.TextChoices):
    """ACVPU, as NEWS2 counts it."""

    ALERT = "A", _("Alert")
    CONFUSION = "C", _("New confusion")
    VOICE = "V", _("Responds to voice")
    PAIN = "P", _("Responds to pain")
    UNRESPONSIVE = "U", _("Unresponsive")


class GlucoseKind(models.TextChoices):
    FASTING = "fasting", _("Fasting")
    AFTER_MEAL = "after_meal", _("After a meal")
    RANDOM = "random", _("At any time")


class VitalSignsStatus(StepChoices):
    """FHIR's `final` and `entered-in-error`: a measurement is corrected by another one."""

    RECORDED = "recorded", _("Recorded")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")

    @classmethod
    def steps(cls):
        return {cls.RECORDED: {cls.ENTERED_IN_ERROR}, cls.ENTERED_IN_ERROR: set()}
