from datetime import date, datetime

from django.utils import timezone

from accounts.models import Patient
from accounts.names import tidy
from clinical.exceptions import EndRefused, SinceRefused
from clinical.models import Problem
from clinical.services.listed import add_to_list, change_status
from clinical.services.rights import lock_row_to_record, lock_to_record, moment_of_record
from clinical.statuses.problems import ProblemKind, ProblemStatus
from hms.core.partial_dates import PartialDate
from hms.core.rights import person
from hms.core.transactions import retried_atomic


@retried_atomic
def record_problem(
    *,
    patient: Patient,
    title: str,
    kind: str,
    said_by: str,
    code: str = "",
    since: str = "",
    note: str = "",
    recorded_at: datetime | None = None,
    by,
) -> Problem:
    """Record a condition, an operation, an illness in the family or a habit.

    `since` is a year, a month or a day ("2019", "2019-05", "2019-05-20"). Refuses one in the future or
    before the birth, a problem that is already current, and anybody who does not treat the patient.
    """
    lock_to_record(patient, by=by, permission="clinical.add_problem")
    began, at = _began(patient, kind, since), moment_of_record(recorded_at, patient)
    problem = Problem(
        patient=patient, title=tidy(title), kind=kind, code=code.strip().upper(),
        since_on=began.first if began else None,
        since_precision=began.precision if began else "",
        said_by=said_by, note=tidy(note), recorded_at=at, recorded_by=person(by),
    )  # fmt: skip
    return add_to_list(problem)


@retried_atomic
def revise_problem(
    *, problem: Problem, status: str, reason: str = "", resolved_on: date | None = None, by
) -> Problem:
    """Resolve a problem, rule it out, mark it as entered in error, or make it active again.

    Refuses a step that the table does not list, one without a reason that needs one, and an end that lies
    in the future, before the beginning, or belongs to a problem that is not resolved.
    """
    problem = lock_row_to_record(problem, by=by)
    wanted = ProblemStatus(status)
    if resolved_on is not None:
        _check_end(problem, wanted, resolved_on)
    change_status(problem, wanted, reason=reason, resolved_on=resolved_on)
    return problem


def _began(patient: Patient, kind: str, since: str) -> PartialDate | None:
    if not since.strip():
        return None
    try:
        began = PartialDate.parse(since)
    except ValueError as error:
        raise SinceRefused from error
    if began.is_after(timezone.localdate()):
        raise SinceRefused(SinceRefused.in_the_future)
    if began.is_before(patient.date_of_birth) and kind != ProblemKind.FAMILY_HISTORY:
        raise SinceRefused(SinceRefused.before_the_birth)
    return began


def _check_end(problem: Problem, wanted: ProblemStatus, end: date) -> None:
    if wanted != ProblemStatus.RESOLVED:
        raise EndRefused
    if end > timezone.localdate():
        raise EndRefused(EndRefused.in_the_future)
    if end < (problem.since_on or problem.patient.date_of_birth):
        raise EndRefused(EndRefused.before_the_beginning)
