"""Words of the formulary, and the statuses of the medicines that a patient takes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class DoseForm(models.TextChoices):
    TABLET = "tablet", _("Tablet")
    CAPSULE = "capsule", _("Capsule")
    SYRUP = "syrup", _("Syrup")
    SUSPENSION = "suspension", _("Suspension")
    SOLUTION = "solution", _("Solution")
    DROPS = "drops", _("Drops")
    POWDER = "powder", _("Powder")
    LOZENGE = "lozenge", _("Lozenge")
    INJECTION = "injection", _("Injection")
    INHALER = "inhaler", _("Inhaler")
    NEBULISER_SOLUTION = "nebuliser_solution", _("Solution for nebulisers")
    NASAL_SPRAY = "nasal_spray", _("Nasal spray")
    CREAM = "cream", _("Cream")
    OINTMENT = "ointment", _("Ointment")
    GEL = "gel", _("Gel")
    LOTION = "lotion", _("Lotion")
    SHAMPOO = "shampoo", _("Shampoo")
    EYE_DROPS = "eye_drops", _("Eye drops")
    EYE_OINTMENT = "eye_ointment", _("Eye ointment")
    EAR_DROPS = "ear_drops", _("Ear drops")
    SUPPOSITORY = "suppository", _("Suppository")
    PESSARY = "pessary", _("Pessary")
    PATCH = "patch", _("Patch")
    MOUTHWASH = "mouthwash", _("Mouthwash")
    OTHER = "other", _("Other form")


class Route(models.TextChoices):
    ORAL = "oral", _("By mouth")
    SUBLINGUAL = "sublingual", _("Under the tongue")
    INHALED = "inhaled", _("Inhaled")
    NASAL = "nasal", _("Into the nose")
    OPHTHALMIC = "ophthalmic", _("Into the eye")
    OTIC = "otic", _("Into the ear")
    TOPICAL = "topical", _("On the skin")
    RECTAL = "rectal", _("Into the rectum")
    VAGINAL = "vaginal", _("Into the vagina")
    TRANSDERMAL = "transdermal", _("Through the skin")
    SUBCUTANEOUS = "subcutaneous", _("Under the skin")
    INTRAMUSCULAR = "intramuscular", _("Into a muscle")
    INTRAVENOUS = "intravenous", _("Into a vein")
    OTHER = "other", _("Other route")


class StrengthPer(models.TextChoices):
    """What the milligrams of an ingredient refer to: a tablet, a puff, an ampoule; or a millilitre."""

    UNIT = "unit", _("unit")
    ML = "mL", _("mL")


class DrugSchedule(models.TextChoices):
    """The schedule of the Drugs Rules 1945 that a medicine is listed in."""

    NONE = "none", _("Not scheduled")
    H = "H", _("Schedule H")
    H1 = "H1", _("Schedule H1")
    X = "X", _("Schedule X")


class TelemedicineList(models.TextChoices):
    """The lists of the Telemedicine Practice Guidelines of 25 March 2020."""

    UNLISTED = "", _("On no list")
    O = "O", _("List O: any consultation")  # noqa: E741 - the name of the list
    A = "A", _("List A: first video consultation")
    B = "B", _("List B: follow-up")
    PROHIBITED = "prohibited", _("Prohibited")


class MedicineSource(models.TextChoices):
    PATIENT = "patient", _("Patient's own account")
    ELSEWHERE = "elsewhere", _("Prescribed elsewhere")
    HERE = "here", _("Prescribed here")


class CurrentMedicineStatus(StepChoices):
    ACTIVE = "active", _("Taking")
    STOPPED = "stopped", _("Stopped")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")

    @classmethod
    def steps(cls):
        return {
            cls.ACTIVE: {cls.STOPPED, cls.ENTERED_IN_ERROR},
            cls.STOPPED: {cls.ENTERED_IN_ERROR},
            cls.ENTERED_IN_ERROR: set(),
        }
