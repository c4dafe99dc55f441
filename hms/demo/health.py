"""What each patient of the demo has: all parts of the demo ask here, so that they tell the same story."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.models import Gender, Patient
from clinical.statuses.problems import ProblemKind
from hms.demo.chance import Chance
from hms.demo.data.courses import ANAEMIA, ASTHMA, COURSES, DIABETES, HYPERTENSION, THYROID, Course

DAYS_A_YEAR = 365.25
LEAST_DAYS_ILL, MOST_DAYS_ILL = 90, 2000  # of a problem that is resolved
SHARE_PREGNANT, AGES_OF_MOTHERS, WEEKS_BY_NOW = 0.25, range(19, 38), (9, 38)
KNOWN_SINCE_DAYS = 500  # at least, of an illness that a patient is to have
FIRST_VISIT, BIRTH = 7, 40  # weeks


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


CONDITION, SURGERY = ProblemKind.CONDITION, ProblemKind.SURGERY
FAMILY_HISTORY, SOCIAL = ProblemKind.FAMILY_HISTORY, ProblemKind.SOCIAL
USUAL = (
    Usual(COURSES[DIABETES].diagnosis, CONDITION, DIABETES, (38, 62), 0.35, note="Eyes checked every year"),
    Usual(COURSES[HYPERTENSION].diagnosis, CONDITION, HYPERTENSION, (35, 65), 0.35),
    Usual(COURSES[THYROID].diagnosis, CONDITION, THYROID, (25, 50), 0.15, gender=Gender.FEMALE),
    Usual("Osteoarthritis of the knee", CONDITION, "M17.9", (52, 70), 0.3),
    Usual(COURSES[ASTHMA].diagnosis, CONDITION, ASTHMA, (3, 12), 0.12, ends=0.3),
    Usual(COURSES[ANAEMIA].diagnosis, CONDITION, ANAEMIA, (16, 42), 0.2, 0.6, Gender.FEMALE),
    Usual("Pulmonary tuberculosis, not confirmed", CONDITION, "A16.2", (18, 60), 0.05, ends=1.0),
    Usual("Appendix removed", SURGERY, "Z90.4", (9, 35), 0.1),
    Usual("Cataract operation", SURGERY, "Z96.1", (60, 75), 0.4),
    Usual("Caesarean section", SURGERY, "", (21, 36), 0.2, gender=Gender.FEMALE),
    Usual("Diabetes of the mother", FAMILY_HISTORY, "Z83.3", (0, 30), 0.15),
    Usual("Heart attack of the father", FAMILY_HISTORY, "Z82.4", (15, 40), 0.12),
    Usual("Smoker", SOCIAL, "Z72.0", (17, 25), 0.25, 0.4, Gender.MALE),
    Usual("Chews tobacco", SOCIAL, "Z72.0", (17, 30), 0.12, ends=0.2),
)


@dataclass(frozen=True)
class Had:
    """A problem of one patient."""

    usual: Usual
    began: date
    ended: date | None = None

    def is_active_on(self, day: date) -> bool:
        return self.began <= day and (self.ended is None or day < self.ended)


@dataclass
class Health:
    """All that one patient has had, and the beginning of a pregnancy."""

    problems: list[Had] = field(default_factory=list)
    pregnant_since: date | None = None

    def courses_on(self, day: date, department: str) -> dict[str, Course]:
        """The long illnesses that the department follows, by their codes."""
        return {
            had.usual.code: COURSES[had.usual.code]
            for had in self.problems
            if had.usual.code in COURSES
            and had.is_active_on(day)
            and department in COURSES[had.usual.code].departments
        }

    def conditions_on(self, day: date) -> list[Had]:
        return [had for had in self.problems if had.usual.kind == CONDITION and had.is_active_on(day)]

    def has(self, code: str, day: date) -> bool:
        return any(had.usual.code == code for had in self.conditions_on(day))

    def weeks_on(self, day: date) -> int | None:
        """Weeks of pregnancy; None if there is none, or nobody knows of it yet."""
        weeks = (day - self.pregnant_since).days // 7 if self.pregnant_since else 0
        return weeks if FIRST_VISIT <= weeks <= BIRTH else None


class Healths:
    """The health of every patient, drawn when it is first asked for."""

    def __init__(self, chance: Chance, today: date):
        self.chance, self.today = chance, today
        self.known: dict[int, Health] = {}

    def of(self, patient: Patient) -> Health:
        if patient.pk not in self.known:
            self.known[patient.pk] = self._drawn(patient)
        return self.known[patient.pk]

    def give(self, patient: Patient, codes: Iterable[str]) -> None:
        """Let the patient have exactly these long illnesses."""
        chance = self.chance.part(patient.mrn)
        latest = self.today - timedelta(days=KNOWN_SINCE_DAYS)
        usuals = [usual for usual in USUAL if usual.code in codes]
        problems = [Had(usual, min(latest, self._began(patient, usual, chance))) for usual in usuals]
        self.known[patient.pk] = Health(problems)

    def _drawn(self, patient: Patient) -> Health:
        chance, problems = self.chance.part(patient.mrn), []
        for usual in USUAL:
            began = self._began(patient, usual, chance)
            if chance.happens(usual.share) and usual.gender in ("", patient.gender) and began < self.today:
                problems.append(Had(usual, began, self._ended(usual, began, chance)))
        is_mother = patient.gender == Gender.FEMALE and patient.age_on(self.today) in AGES_OF_MOTHERS
        since = self.today - timedelta(weeks=chance.uniform(*WEEKS_BY_NOW))
        return Health(problems, since if is_mother and chance.happens(SHARE_PREGNANT) else None)

    def _began(self, patient: Patient, usual: Usual, chance: Chance) -> date:
        """When the patient was, or will be, of one of the usual ages."""
        return patient.date_of_birth + timedelta(days=chance.uniform(*usual.begins) * DAYS_A_YEAR)

    def _ended(self, usual: Usual, began: date, chance: Chance) -> date | None:
        end = began + timedelta(days=chance.randint(LEAST_DAYS_ILL, MOST_DAYS_ILL))
        return end if chance.happens(usual.ends) and end <= self.today else None
