"""Documents that leave the hospital: kinds, and whether one that somebody holds is still in force."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class DocumentKind(models.TextChoices):
    """What the public page about a document says that it is; broad, so that it tells nothing about health."""

    PRESCRIPTION = "prescription", _("Prescription")
    LABORATORY_REPORT = "laboratory_report", _("Laboratory report")
    VISIT_SUMMARY = "visit_summary", _("Summary of a visit")
    CERTIFICATE = "certificate", _("Medical certificate")
    LETTER = "letter", _("Letter of a doctor")


class DocumentStatus(StepChoices):
    GENUINE = "genuine", _("Genuine")
    REPLACED = "replaced", _("Replaced")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @classmethod
    def steps(cls):
        return {
            cls.GENUINE: {cls.REPLACED, cls.WITHDRAWN},
            cls.REPLACED: set(),
            cls.WITHDRAWN: set(),
        }
