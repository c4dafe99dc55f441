"""Problems and history of the patients of the doctor with a login: likely for their age and sex."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import Gender, Patient, User
from clinical.services import record_problem, revise_problem
from clinical.statuses.problems import Informant, ProblemKind, ProblemStatus
from hms.demo.chance import Chance
from scheduling.access import visits_with

MOST_PATIENTS = 60
DAYS_A_YEAR = 365.25
LEAST_DAYS_ILL = 90  # before a problem is resolved
EXACT = {"%Y": 0.6, "%Y-%m": 0.3, "%Y-%m-%d": 0.1}


@dataclass(frozen=True)
class Usual:
    """A problem, how many people of its ages have it, and the ages at which it begins."""

    title: str
    kind: str
    code: str
    begins: tuple[float, float]  # years of age
    share: float
    ends: float = 0.0  # the share of those who no longer have it
    gender: str = ""
    note: str = ""


USUAL = (
    Usual(
        "Type 2 diabetes",
        ProblemKind.CONDITION,
        "E11",
        (38, 62),
        0.35,
        note="Feet and eyes examined every year",
    ),
    Usual("High blood pressure", ProblemKind.CONDITION, "I10", (35, 65), 0.35),
    Usual("Underactive thyroid", ProblemKind.CONDITION, "E03.9", (25, 50), 0.15, gender=Gender.FEMALE),
    Usual("Osteoarthritis of the knee", ProblemKind.CONDITION, "M17", (52, 70), 0.3),
    Usual("Asthma", ProblemKind.CONDITION, "J45", (3, 12), 0.12, ends=0.3),
    Usual("Iron deficiency anaemia", ProblemKind.CONDITION, "D50.9", (16, 42), 0.2, 0.6, Gender.FEMALE),
    Usual("Tuberculosis of the lung", ProblemKind.CONDITION, "A16.2", (18, 60), 0.05, ends=1.0),
    Usual("Appendix removed", ProblemKind.SURGERY, "Z90.4", (9, 35), 0.1),
    Usual("Cataract operation", ProblemKind.SURGERY, "Z96.1", (60, 75), 0.4),
    Usual("Caesarean section", ProblemKind.SURGERY, "", (21, 36), 0.2, gender=Gender.FEMALE),
    Usual("Diabetes of the mother", ProblemKind.FAMILY_HISTORY, "Z83.3", (0, 30), 0.15),
    Usual("Heart attack of the father", ProblemKind.FAMILY_HISTORY, "Z82.4", (15, 40), 0.12),
    Usual("Smokes tobacco", ProblemKind.SOCIAL, "Z72.0", (17, 25), 0.25, 0.4, Gender.MALE),
    Usual("Chews tobacco", ProblemKind.SOCIAL, "Z72.0", (17, 30), 0.12, ends=0.2),
)


def record_problems(doctor: User, chance: Chance) -> None:
    """Take the history of the doctor's patients, the first ones of the hospital first."""
    seen = visits_with(doctor).values("patient_id")
    for patient in Patient.objects.filter(pk__in=seen).order_by("mrn")[:MOST_PATIENTS]:
        for usual in USUAL:
            begins = patient.date_of_birth + timedelta(days=chance.uniform(*usual.begins) * DAYS_A_YEAR)
            fits = usual.gender in ("", patient.gender) and begins < timezone.localdate()
            if chance.happens(usual.share) and fits:
                _record(patient, usual, begins, doctor, chance)


def _record(patient: Patient, usual: Usual, begins, doctor: User, chance: Chance) -> None:
    problem = record_problem(
        patient=patient,
        title=usual.title,
        kind=usual.kind,
        code=usual.code,
        since=f"{begins:{chance.pick(EXACT)}}",
        said_by=Informant.CARER if patient.is_minor else chance.choice(Informant.values),
        note=usual.note,
        by=doctor,
    )
    end = begins + timedelta(days=LEAST_DAYS_ILL + chance.randint(0, 2000))
    if chance.happens(usual.ends) and end <= timezone.localdate():
        revise_problem(problem=problem, status=ProblemStatus.RESOLVED, resolved_on=end, by=doctor)
