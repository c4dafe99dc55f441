from datetime import datetime

from accounts.models import Patient
from accounts.names import tidy
from clinical.exceptions import AllergiesOnList
from clinical.models import Allergy
from clinical.services.listed import add_to_list, change_status
from clinical.services.rights import lock_row_to_record, lock_to_record, moment_of_record
from clinical.statuses import AllergyStatus
from hms.core.rights import person
from hms.core.transactions import retried_atomic


@retried_atomic
def record_allergy(
    *,
    patient: Patient,
    substance: str,
    category: str,
    criticality: str,
    reaction: str = "",
    is_confirmed: bool = False,
    recorded_at: datetime | None = None,
    by,
) -> Allergy:
    """Record an allergy or intolerance; refutes a statement that none is known.

    Refuses one that is already current, and anybody who does not treat the patient.
    """
    lock_to_record(patient, by=by, permission="clinical.add_allergy")
    allergy = Allergy(
        patient=patient,
        substance=tidy(substance),
        category=category,
        criticality=criticality,
        reaction=tidy(reaction),
        status=AllergyStatus.CONFIRMED if is_confirmed else AllergyStatus.UNCONFIRMED,
        recorded_at=moment_of_record(recorded_at, patient),
        recorded_by=person(by),
    )
    return _add(allergy)


@retried_atomic
def record_no_known_allergies(*, patient: Patient, recorded_at: datetime | None = None, by) -> Allergy:
    """State that the patient was asked and knows of no allergies; refuses if an allergy is current.

    Returns the current statement if there is one.
    """
    lock_to_record(patient, by=by, permission="clinical.add_allergy")
    current = Allergy.objects.filter(patient=patient).current().first()
    if current is None:
        at = moment_of_record(recorded_at, patient)
        return _add(Allergy(patient=patient, is_none_known=True, recorded_by=person(by), recorded_at=at))
    if not current.is_none_known:
        raise AllergiesOnList
    return current


@retried_atomic
def reassess_allergy(*, allergy: Allergy, status: str, reason: str = "", by) -> Allergy:
    """Confirm, refute or resolve an allergy, or mark it as entered in error.

    Refuses a step that the table does not list, and a refutation or an error without a reason.
    """
    allergy = lock_row_to_record(allergy, by=by)
    wanted = AllergyStatus(status)
    _make_room(allergy, wanted)
    change_status(allergy, wanted, reason=reason)
    return allergy


def _add(allergy: Allergy) -> Allergy:
    _make_room(allergy, allergy.status)
    return add_to_list(allergy)


def _make_room(allergy: Allergy, wanted: str) -> None:
    """Refute a statement that none is known; refuse the statement beside an allergy."""
    if wanted not in Allergy.current_statuses:
        return
    others = Allergy.objects.filter(patient=allergy.patient).current().exclude(pk=allergy.pk)
    if allergy.is_none_known and others.exists():
        raise AllergiesOnList
    for statement in others.filter(is_none_known=True):
        change_status(statement, AllergyStatus.REFUTED, reason=str(allergy))
