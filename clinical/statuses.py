"""What an allergy is, how sure we are of it, and from where to where that may go."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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


class AllergyStatus(models.TextChoices):
    """FHIR's verification status, and its clinical status where it is not active."""

    UNCONFIRMED = "unconfirmed", _("Unconfirmed")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUTED = "refuted", _("Refuted")
    RESOLVED = "resolved", _("Resolved")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")


_S = AllergyStatus
ALLERGY_STEPS: dict[str, frozenset[str]] = {
    _S.UNCONFIRMED: frozenset({_S.CONFIRMED, _S.REFUTED, _S.RESOLVED, _S.ENTERED_IN_ERROR}),
    _S.CONFIRMED: frozenset({_S.REFUTED, _S.RESOLVED, _S.ENTERED_IN_ERROR}),
    _S.REFUTED: frozenset({_S.UNCONFIRMED, _S.CONFIRMED, _S.ENTERED_IN_ERROR}),
    _S.RESOLVED: frozenset({_S.UNCONFIRMED, _S.CONFIRMED, _S.ENTERED_IN_ERROR}),
    _S.ENTERED_IN_ERROR: frozenset(),
}
# What whoever treats the patient has to reckon with.
CURRENT = frozenset({_S.UNCONFIRMED, _S.CONFIRMED})
