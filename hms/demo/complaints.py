"""Why somebody comes: for a long illness that the department follows, or with something new."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Patient
from hms.demo.chance import Chance
from hms.demo.data.cases import CASES, EVERY_CASE, Case
from hms.demo.data.courses import OBSTETRICS
from hms.demo.health import Healths

SHARE_FOLLOW_UP = 0.75
FEWEST_DAYS_BETWEEN = 45


@dataclass(frozen=True)
class Reason:
    """What the patient says; without a case it is about the long illnesses."""

    said: str
    case: Case | None = None


class Complaints:
    def __init__(self, healths: Healths, chance: Chance):
        self.healths, self.chance = healths, chance
        self.untold: dict[str, list[Case]] = {}  # of each department, until all have been told
        self.followed_up: dict[int, date] = {}

    def of(self, patient: Patient, department: str, day: date, *, is_follow_up: bool = False) -> Reason:
        health = self.healths.of(patient)
        weeks = health.weeks_on(day)
        if department == OBSTETRICS and weeks is not None:
            return Reason(f"Antenatal check-up, {weeks} weeks.")
        courses = health.courses_on(day, department)
        last = self.followed_up.get(patient.pk, date.min)
        is_time = (day - last).days >= FEWEST_DAYS_BETWEEN and self.chance.happens(SHARE_FOLLOW_UP)
        if courses and (is_follow_up or is_time):
            self.followed_up[patient.pk] = day
            main = self.chance.choice([*courses.values()])
            return Reason(self.chance.choice(main.said))
        case = self._new(patient, department, day)
        return Reason(case.said, case)

    def _new(self, patient: Patient, department: str, day: date) -> Case:
        """Nobody says the same before everything that suits them has been said."""
        untold = self.untold.setdefault(department, [])
        age, gender = patient.age_on(day), patient.gender
        for _attempt in range(2):
            for case in untold:
                if case.suits(age, gender):
                    untold.remove(case)
                    return case
            untold += self.chance.sample(CASES[department], len(CASES[department]))
        raise LookupError(f"Nothing of {department} suits a patient of {age} years.")


def saying(said: str) -> Reason:
    """The reason with exactly these words."""
    return Reason(said, EVERY_CASE[said])
