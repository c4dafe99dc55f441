from typing import TypeVar

from django.db.models import Q, QuerySet

from accounts.models import Patient
from clinical.exceptions import NotTreating
from clinical.models import ClinicalRecord, Encounter
from clinical.querysets.emergency import patients_opened_by
from clinical.statuses.confidentiality import Confidentiality
from hms.core.rights import SYSTEM, require
from scheduling.access import own_visits, visits_treated_by
from scheduling.models import Appointment

R = TypeVar("R", bound=ClinicalRecord)


def lock_to_record(patient: Patient, *, by, permission: str) -> None:
    """Lock the patient's row until the transaction ends; refuses without the permission or a ground."""
    require(by, permission)
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    if by is not SYSTEM and not treats(by, patient):
        raise NotTreating


def treats(user, patient: Patient) -> bool:
    """Whether the user treats the patient: a confidential one only as the doctor; or has emergency access."""
    visits = own_visits(user) if patient.is_confidential else visits_treated_by(user)
    if visits.filter(patient=patient).exists():
        return True
    return patients_opened_by(user).filter(patient=patient).exists()


def visits_open_to(user) -> QuerySet:
    """Appointments that the user sees: of confidential patients only as the doctor, or in an emergency."""
    own = Q(patient_id__in=own_visits(user).values("patient_id"))
    opened = Q(patient_id__in=patients_opened_by(user))
    return Appointment.objects.visible_to(user).filter(Q(patient__is_confidential=False) | own | opened)


def lock_row_to_record(row: R, *, by) -> R:
    """Lock the row and its patient's and read it again; refuses without the permission to change it."""
    lock_to_record(row.patient, by=by, permission=f"clinical.change_{row._meta.model_name}")
    return type(row).objects.select_for_update().get(pk=row.pk)


def confidentiality_at(appointment: Appointment) -> str:
    """What the record of the visit, signed or not, is open to; papers of the visit are open to no more."""
    found = Encounter.objects.filter(appointment=appointment).values_list("confidentiality", flat=True)
    return found.first() or Confidentiality.NORMAL
