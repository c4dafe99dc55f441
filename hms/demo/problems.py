"""Problems and history of the patients of the doctor with a login, as their health has them."""

from accounts.models import User
from clinical.services import record_problem, revise_problem
from clinical.statuses.problems import Informant, ProblemStatus
from hms.demo.chance import Chance
from hms.demo.health import Had, Healths
from hms.demo.past_visits import PastVisits, past_visits_to

MOST_PATIENTS = 60
EXACT = {"%Y": 0.6, "%Y-%m": 0.3, "%Y-%m-%d": 0.1}


def record_problems(doctor: User, healths: Healths, chance: Chance) -> None:
    """Take the history of the doctor's patients, the first ones of the hospital first."""
    for visits in past_visits_to(doctor, MOST_PATIENTS):
        for had in healths.of(visits.patient).problems:
            _record(visits, had, doctor, chance)


def _record(visits: PastVisits, had: Had, doctor: User, chance: Chance) -> None:
    patient = visits.patient
    problem = record_problem(
        patient=patient,
        title=had.usual.title,
        kind=had.usual.kind,
        code=had.usual.code,
        since=f"{had.began:{chance.pick(EXACT)}}",
        said_by=Informant.CARER if patient.is_minor else chance.choice(Informant.values),
        note=had.usual.note,
        recorded_at=visits.since(had.began),
        by=doctor,
    )
    if had.ended:
        revise_problem(problem=problem, status=ProblemStatus.RESOLVED, resolved_on=had.ended, by=doctor)
