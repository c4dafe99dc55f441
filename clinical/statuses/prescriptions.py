"""Statuses of prescriptions, units of doses and kinds of findings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class PrescriptionStatus(StepChoices):
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")
    DISPENSED = "dispensed", _("Dispensed")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @classmethod
    def steps(cls):
        return {
            cls.DRAFT: {cls.SIGNED},
            cls.SIGNED: {cls.DISPENSED, cls.WITHDRAWN},
            cls.DISPENSED: {cls.WITHDRAWN},
            cls.WITHDRAWN: set(),
        }


# A prescription in one of these is final, with its items.
SIGNED = frozenset(PrescriptionStatus) - {PrescriptionStatus.DRAFT}
# The patient takes the medicines of these.
IN_FORCE = SIGNED - {PrescriptionStatus.WITHDRAWN}


class DoseUnit(models.TextChoices):
    """`UNIT` is one piece of the form: a tablet, a puff, an ampoule."""

    UNIT = "unit", _("piece")
    ML = "mL", _("mL")
    MG = "mg", _("mg")
    IU = "IU", _("IU")
    DROP = "drop", _("drop")
    APPLICATION = "application", _("application")


class Severity(models.TextChoices):
    """A serious or cautionary finding needs a reason before the prescription is signed; a note does not."""

    SERIOUS = "serious", _("Serious")
    CAUTION = "caution", _("Caution")
    NOTE = "note", _("Note")
    NOT_CHECKED = "not_checked", _("Not checked")


class InteractionLevel(models.TextChoices):
    """How a data set grades an interaction, the most serious first."""

    CONTRAINDICATED = "contraindicated", _("Contraindicated")
    NOT_ADVISED = "not_advised", _("Not advised")
    PRECAUTION = "precaution", _("Precaution needed")
    CONSIDER = "consider", _("To be considered")
