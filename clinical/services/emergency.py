from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import Patient
from accounts.mrn import mrn_from
from accounts.names import tidy
from audit.anomalies.reporting import report
from clinical.exceptions import AlreadyTreating, NoSuchPatient, ReasonMissing
from clinical.models import EmergencyAccess
from clinical.services.rights import treats
from hms.core.locks import lock_first
from hms.core.rights import person, require
from hms.core.transactions import retried_atomic

RULE = "emergency_access"


@retried_atomic
def open_emergency_access(*, mrn: str, reason: str, by) -> EmergencyAccess:
    """Open the record of a patient to a person who does not treat the patient, for a limited time.

    Auditors find it in their review queue and the patient among the accesses. Refuses without a reason, an
    unknown number, and a person to whom the record is open. The page asks for the password first.
    """
    require(by, "clinical.add_emergencyaccess")
    reason, now = tidy(reason), timezone.now()
    if not any(map(str.isalpha, reason)):
        raise ReasonMissing
    patient = lock_first(Patient.objects.filter(mrn=mrn_from(mrn)))
    if patient is None:
        raise NoSuchPatient
    if treats(by, patient):
        raise AlreadyTreating
    ends_at = now + timedelta(minutes=settings.CLINICAL["emergency_access_minutes"])
    access = EmergencyAccess(
        patient=patient, reason=reason, recorded_at=now, ends_at=ends_at, recorded_by=person(by)
    )
    access.full_clean()
    access.save()
    report(RULE, by=by, patient_id=patient.pk, at=now, until=ends_at)
    return access
