from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class ProblemKind(models.TextChoices):
    CONDITION = "condition", _("Condition")
    SURGERY = "surgery", _("Operation")
    FAMILY_HISTORY = "family_history", _("Family history")
    SOCIAL = "social", _("Lifestyle")


class Informant(models.TextChoices):
    """Who said it (FHIR Condition.asserter)."""

    PATIENT = "patient", _("Patient")
    CARER = "carer", _("Carer")
    CLINICIAN = "clinician", _("Doctor or nurse")
    DOCUMENT = "document", _("Document")


class ProblemStatus(StepChoices):
    """FHIR's clinicalStatus, with two values of its verificationStatus."""

    ACTIVE = "active", _("Active")
    RESOLVED = "resolved", _("Resolved")
    REFUTED = "refuted", _("Ruled out")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")

    @classmethod
    def steps(cls):
        return {
            cls.ACTIVE: {cls.RESOLVED, cls.REFUTED, cls.ENTERED_IN_ERROR},
            cls.RESOLVED: {cls.ACTIVE, cls.ENTERED_IN_ERROR},
            cls.REFUTED: {cls.ACTIVE, cls.ENTERED_IN_ERROR},
            cls.ENTERED_IN_ERROR: set(),
        }


CURRENT_PROBLEMS = frozenset({ProblemStatus.ACTIVE})
