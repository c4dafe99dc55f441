from datetime import date, datetime

from django.utils import timezone

from accounts.models import Patient
from accounts.names import tidy
from clinical.exceptions import MedicineUnknown, ReasonMissing
from clinical.models import CurrentMedicine, Medicine
from clinical.services.rights import lock_to_record, moment_of_record
from clinical.statuses import CurrentMedicineStatus, MedicineSource
from hms.core.locks import lock_row
from hms.core.rights import person
from hms.core.states import move
from hms.core.transactions import retried_atomic


@retried_atomic
def record_current_medicine(
    *,
    patient: Patient,
    medicine: Medicine | None = None,
    name: str = "",
    dosage: str = "",
    since: date | None = None,
    source: str = MedicineSource.PATIENT,
    recorded_at: datetime | None = None,
    by,
) -> CurrentMedicine:
    """Record a medicine that the patient takes; returns the row if the same one is already active.

    Refuses one without a name, and anybody who does not treat the patient.
    """
    lock_to_record(patient, by=by, permission="clinical.add_currentmedicine")
    row = CurrentMedicine(
        patient=patient,
        medicine=medicine,
        name="" if medicine else tidy(name),
        dosage=tidy(dosage),
        since=since,
        source=source,
        recorded_at=moment_of_record(recorded_at, patient),
        recorded_by=person(by),
    )
    if not row.medicine and not row.name:
        raise MedicineUnknown
    return _active_like(row) or _saved(row)


def _active_like(row: CurrentMedicine) -> CurrentMedicine | None:
    """The active row of the same medicine, if there is one."""
    active = CurrentMedicine.objects.filter(patient=row.patient, medicine=row.medicine).active()
    return next((other for other in active if other.name.casefold() == row.name.casefold()), None)


def _saved(row: CurrentMedicine) -> CurrentMedicine:
    row.full_clean(validate_unique=False)
    row.save()
    return row


@retried_atomic
def stop_current_medicine(
    *, current: CurrentMedicine, reason: str = "", stopped_on: date | None = None, by
) -> CurrentMedicine:
    """Record that the patient no longer takes it."""
    stopped_on = stopped_on or timezone.localdate()
    return _end(current, CurrentMedicineStatus.STOPPED, reason, by, stopped_on=stopped_on)


@retried_atomic
def mark_current_medicine_as_error(*, current: CurrentMedicine, reason: str, by) -> CurrentMedicine:
    """Mark a row that was entered in error; refuses without a reason."""
    if not tidy(reason):
        raise ReasonMissing
    return _end(current, CurrentMedicineStatus.ENTERED_IN_ERROR, reason, by)


def _end(current: CurrentMedicine, wanted: CurrentMedicineStatus, reason: str, by, **changes):
    lock_to_record(current.patient, by=by, permission="clinical.change_currentmedicine")
    current = lock_row(CurrentMedicine.objects.all(), pk=current.pk)
    move(current, wanted, status_reason=tidy(reason), **changes)
    return current
