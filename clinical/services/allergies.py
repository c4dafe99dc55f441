from django.core.exceptions import ValidationError

from accounts.models import Patient
from accounts.names import tidy
from clinical.exceptions import AllergiesOnList, AllergyKnown, ReasonMissing
from clinical.models import Allergy
from clinical.services.rights import lock_to_record
from clinical.statuses import ALLERGY_STEPS, AllergyStatus
from hms.core.states import require_step
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
    """Record an allergy or intolerance; refuses one that is current already, and who does not treat them.

    A statement that no allergies are known is refuted by it.
    """
    lock_to_record(patient, by=by, permission="clinical.add_allergy")
    allergy = Allergy(
        patient=patient,
        substance=tidy(substance),
        category=category,
        criticality=criticality,
        reaction=tidy(reaction),
        status=AllergyStatus.CONFIRMED if is_confirmed else AllergyStatus.UNCONFIRMED,
        recorded_by=by,
    )
    return _put_on_list(allergy)


@retried_atomic
def record_no_known_allergies(*, patient: Patient, by) -> Allergy:
    """State that the patient was asked and knows of none; refuses where some are current.

    A second statement gives the first one's row.
    """
    lock_to_record(patient, by=by, permission="clinical.add_allergy")
    current = Allergy.objects.filter(patient=patient).current().first()
    if current is None:
        return _put_on_list(Allergy(patient=patient, is_none_known=True, recorded_by=by))
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
    wanted = AllergyStatus(status)
    require_step(ALLERGY_STEPS, allergy.status, wanted)
    if wanted in NEEDS_REASON and not tidy(reason):
        raise ValidationError({"reason": ReasonMissing()})
    allergy.status, allergy.status_reason = wanted, tidy(reason)
    return _put_on_list(allergy)


def _put_on_list(allergy: Allergy) -> Allergy:
    """Save the row under its key, the patient being locked; refuses what clashes with another current row."""
    allergy.set_key()
    if allergy.is_current:
        others = Allergy.objects.filter(patient=allergy.patient).current().exclude(pk=allergy.pk)
        _give_way(allergy, list(others))
    allergy.full_clean(validate_unique=False)
    allergy.save()
    return allergy


def _give_way(allergy: Allergy, others: list[Allergy]) -> None:
    """An allergy refutes the statement that there is none; the statement does not stand beside an allergy."""
    if any(other.current_key == allergy.current_key for other in others):
        raise AllergyKnown
    if others and allergy.is_none_known:
        raise AllergiesOnList
    for statement in others:
        if statement.is_none_known:
            statement.status, statement.status_reason = AllergyStatus.REFUTED, str(allergy)
            statement.set_key()
            statement.save()
