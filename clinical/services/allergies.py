from accounts.models import Patient
from accounts.names import tidy
from clinical.exceptions import AllergiesOnList, AllergyKnown, ReasonMissing
from clinical.models import Allergy
from clinical.services.rights import lock_to_record
from clinical.statuses import AllergyStatus
from hms.core.rights import person
from hms.core.states import move
from hms.core.transactions import retried_atomic

NEEDS_REASON = (AllergyStatus.REFUTED, AllergyStatus.ENTERED_IN_ERROR)


@retried_atomic
def record_allergy(
    *,
    patient: Patient,
    substance: str,
    category: str,
    criticality: str,
    reaction: str = "",
    is_confirmed: bool = False,
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
        recorded_by=person(by),
    )
    return _add(allergy)


@retried_atomic
def record_no_known_allergies(*, patient: Patient, by) -> Allergy:
    """State that the patient was asked and knows of no allergies; refuses if an allergy is current.

    Returns the current statement if there is one.
    """
    lock_to_record(patient, by=by, permission="clinical.add_allergy")
    current = Allergy.objects.filter(patient=patient).current().first()
    if current is None:
        return _add(Allergy(patient=patient, is_none_known=True, recorded_by=person(by)))
    if not current.is_none_known:
        raise AllergiesOnList
    return current


@retried_atomic
def reassess_allergy(*, allergy: Allergy, status: str, reason: str = "", by) -> Allergy:
    """Confirm, refute or resolve an allergy, or mark it as entered in error.

    Refuses a step that the table does not list, and a refutation or an error without a reason.
    """
    lock_to_record(allergy.patient, by=by, permission="clinical.change_allergy")
    allergy = Allergy.objects.select_for_update().get(pk=allergy.pk)
    wanted, reason = AllergyStatus(status), tidy(reason)
    if wanted in NEEDS_REASON and not reason:
        raise ReasonMissing
    _make_room(allergy, wanted)
    move(allergy, wanted, status_reason=reason, current_key=allergy.key_for(wanted))
    allergy.full_clean(validate_unique=False)
    return allergy


def _add(allergy: Allergy) -> Allergy:
    allergy.current_key = allergy.key_for(allergy.status)
    _make_room(allergy, allergy.status)
    allergy.full_clean(validate_unique=False)
    allergy.save()
    return allergy


def _make_room(allergy: Allergy, wanted: str) -> None:
    """Refuse a second current row of the same substance; refute a statement that none is known."""
    key = allergy.key_for(wanted)
    if key is None:
        return
    others = Allergy.objects.filter(patient=allergy.patient).current().exclude(pk=allergy.pk)
    for other in others:
        if other.current_key == key:
            raise AllergyKnown
        if allergy.is_none_known:
            raise AllergiesOnList
        if other.is_none_known:
            move(other, AllergyStatus.REFUTED, status_reason=str(allergy), current_key=None)
