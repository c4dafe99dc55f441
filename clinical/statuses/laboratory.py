"""Kinds of tests, the way of an order through the laboratory, and what a result means."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class LabSection(models.TextChoices):
    LABORATORY = "laboratory", _("Laboratory")
    IMAGING = "imaging", _("Imaging and ECG")


class ResultKind(models.TextChoices):
    NUMBER = "number", _("Number")
    CHOICE = "choice", _("Choice")
    TEXT = "text", _("Text")
    FILE = "file", _("Report with a file")


class Specimen(models.TextChoices):
    BLOOD = "blood", _("Blood")
    URINE = "urine", _("Urine")
    STOOL = "stool", _("Stool")
    SPUTUM = "sputum", _("Sputum")
    SWAB = "swab", _("Swab")
    TISSUE = "tissue", _("Tissue")
    NONE = "none", _("None")


class Container(models.TextChoices):
    EDTA = "edta", _("EDTA tube (lavender)")
    SERUM = "serum", _("Serum tube (red or gold)")
    CITRATE = "citrate", _("Citrate tube (light blue)")
    FLUORIDE = "fluoride", _("Fluoride tube (grey)")
    CULTURE = "culture", _("Blood culture bottles")
    STERILE = "sterile", _("Sterile container")
    SWAB = "swab", _("Swab in transport medium")
    FORMALIN = "formalin", _("Formalin container")
    NONE = "none", _("None")


class RangeSex(models.TextChoices):
    ANY = "any", _("Any")
    FEMALE = "f", _("Female")
    MALE = "m", _("Male")


class Urgency(models.TextChoices):
    ROUTINE = "routine", _("Routine")
    URGENT = "urgent", _("Urgent")
    STAT = "stat", _("Immediately")


class LabOrderStatus(StepChoices):
    """A rejected sample returns the order to `ordered`; a correction returns it to `resulted`, until it
    is taken back.
    """

    ORDERED = "ordered", _("Ordered")
    COLLECTED = "collected", _("Collected")
    RESULTED = "resulted", _("Result entered")
    VERIFIED = "verified", _("Verified")
    RELEASED = "released", _("Released")
    CANCELLED = "cancelled", _("Cancelled")

    @classmethod
    def steps(cls):
        return {
            cls.ORDERED: {cls.COLLECTED, cls.CANCELLED},
            cls.COLLECTED: {cls.RESULTED, cls.ORDERED, cls.CANCELLED},
            cls.RESULTED: {cls.VERIFIED, cls.ORDERED, cls.RELEASED},
            cls.VERIFIED: {cls.RELEASED, cls.RESULTED},
            cls.RELEASED: {cls.RESULTED},
            cls.CANCELLED: set(),
        }


class LabResultStatus(StepChoices):
    """A verified result is final; a correction is a further result. Patients see acknowledged ones."""

    ENTERED = "entered", _("Entered")
    VERIFIED = "verified", _("Verified")
    RELEASED = "released", _("Released")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    WITHDRAWN = "withdrawn", _("Withdrawn before it was verified")

    @classmethod
    def steps(cls):
        return {
            cls.ENTERED: {cls.VERIFIED, cls.WITHDRAWN},
            cls.VERIFIED: {cls.RELEASED},
            cls.RELEASED: {cls.ACKNOWLEDGED},
            cls.ACKNOWLEDGED: set(),
            cls.WITHDRAWN: set(),
        }


class Flag(models.TextChoices):
    CRITICAL_LOW = "critical_low", _("Critically low")
    CRITICAL_HIGH = "critical_high", _("Critically high")
    CRITICAL = "critical", _("Critical")
    LOW = "low", _("Low")
    HIGH = "high", _("High")
    ABNORMAL = "abnormal", _("Abnormal")
    NORMAL = "normal", _("Normal")
    NO_RANGE = "no_range", _("No range")


class RangeGap(models.TextChoices):
    """Why a number was not compared with a range."""

    NONE = "", ""
    NOT_LISTED = "not_listed", _("No range for this age and sex")
    SEX_UNKNOWN = "sex_unknown", _("No range for unknown sex: ranges differ between women and men")
    OTHER_UNIT = "other_unit", _("The unit cannot be converted to that of the range")
    NOT_EXACT = "not_exact", _("A value beyond what can be measured does not tell on which side it lies")


OPEN = frozenset(
    {LabOrderStatus.ORDERED, LabOrderStatus.COLLECTED, LabOrderStatus.RESULTED, LabOrderStatus.VERIFIED}
)
# Of results: for doctors, and no longer changed.
GIVEN = frozenset({LabResultStatus.RELEASED, LabResultStatus.ACKNOWLEDGED})
FINAL = GIVEN | {LabResultStatus.VERIFIED}
CRITICAL = frozenset({Flag.CRITICAL_LOW, Flag.CRITICAL_HIGH, Flag.CRITICAL})
UNUSUAL = CRITICAL | {Flag.LOW, Flag.HIGH, Flag.ABNORMAL}
# What a person says about a result in words.
JUDGED = (Flag.NORMAL, Flag.ABNORMAL, Flag.CRITICAL)
