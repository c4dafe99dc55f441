from datetime import datetime
from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Patient
from clinical.exceptions import MeasuredAtImpossible, NotTreating
from clinical.models import ClinicalRecord, Encounter
from clinical.querysets.grounds import grounds_of
from clinical.statuses.confidentiality import Confidentiality
from hms.core.locks import lock_row
from hms.core.rights import SYSTEM, require
from scheduling.models import Appointment

R = TypeVar("R", bound=ClinicalRecord)


def lock_to_record(patient: Patient, *, by, permission: str) -> None:
    """Lock the patient's row until the transaction ends; refuses without the permission or a ground."""
    require(by, permission)
    patient = lock_row(Patient.objects.all(), pk=patient.pk)
    if by is not SYSTEM and not treats(by, patient):
        raise NotTreating


def moment_of_record(given: datetime | None, patient: Patient) -> datetime:
    """When an entry was recorded, earlier if it is given; refuses what is after now or before the birth."""
    now = timezone.now()
    if given is not None and not (given <= now and timezone.localdate(given) >= patient.date_of_birth):
        raise MeasuredAtImpossible
    return given or now


def treats(user, patient: Patient) -> bool:
    """Whether a ground opens the patient's record to the user at this moment."""
    return Patient.objects.filter(grounds_of(user, "pk").any, pk=patient.pk).exists()


def visits_open_to(user) -> QuerySet:
    """The appointments that the user sees, of patients whose records are open to the user."""
    return Appointment.objects.visible_to(user).filter(grounds_of(user).any)


def lock_row_to_record(row: R, *, by) -> R:
    """Lock the row and its patient's and read it again; refuses without the permission to change it."""
    lock_to_record(row.patient, by=by, permission=f"clinical.change_{row._meta.model_name}")
    return lock_row(type(row).objects.all(), pk=row.pk)


def confidentiality_at(appointment: Appointment) -> str:
    """What the record of the visit, signed or not, is open to; papers of the visit are open to no more."""
    found = Encounter.objects.filter(appointment=appointment).values_list("confidentiality", flat=True)
    return found.first() or Confidentiality.NORMAL
