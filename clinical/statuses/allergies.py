"""Categories, criticality and statuses of allergies."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class AllergyCategory(models.TextChoices):
    MEDICINE = "medicine", _("Medicine")
    FOOD = "food", _("Food")
    ENVIRONMENT = "environment", _("Environment")
    OTHER = "other", _("Other")


class Criticality(models.TextChoices):
    """How dangerous the next reaction could be, not how bad the last one was."""

    LOW = "low", _("Low")
    HIGH = "high", _("High")
    UNABLE_TO_ASSESS = "unable_to_assess", _("Not assessed")


class AllergyStatus(StepChoices):
    """FHIR's verificationStatus, with the clinicalStatus `resolved`."""

    UNCONFIRMED = "unconfirmed", _("Unconfirmed")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUTED = "refuted", _("Refuted")
    RESOLVED = "resolved", _("Resolved")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")

    @classmethod
    def steps(cls):
        return {
            cls.UNCONFIRMED: {cls.CONFIRMED, cls.REFUTED, cls.RESOLVED, cls.ENTERED_IN_ERROR},
            cls.CONFIRMED: {cls.REFUTED, cls.RESOLVED, cls.ENTERED_IN_ERROR},
            cls.REFUTED: {cls.UNCONFIRMED, cls.CONFIRMED, cls.ENTERED_IN_ERROR},
            cls.RESOLVED: {cls.UNCONFIRMED, cls.CONFIRMED, cls.ENTERED_IN_ERROR},
            cls.ENTERED_IN_ERROR: set(),
        }


CURRENT_ALLERGIES = frozenset({AllergyStatus.UNCONFIRMED, AllergyStatus.CONFIRMED})
