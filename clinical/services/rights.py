from accounts.models import Patient
from clinical.exceptions import NotTreating
from hms.core.rights import SYSTEM, require
from scheduling.access import visits_with


def lock_to_record(patient: Patient, *, by, permission: str) -> None:
    """Lock the patient's row until the transaction ends; refuses without the permission or an appointment."""
    require(by, permission)
    if by is not SYSTEM and not visits_with(by).filter(patient=patient).exists():
        raise NotTreating
    Patient.objects.select_for_update().get(pk=patient.pk)
