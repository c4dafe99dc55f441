from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from accounts.models import Patient
from accounts.names import tidy
from clinical.exceptions import AppointmentOfAnother, MeasuredAtImpossible, NobodyToMeasure, ReasonMissing
from clinical.models import VitalSigns
from clinical.services.rights import lock_to_record
from clinical.statuses import GlucoseKind, VitalSignsStatus
from hms.core.locks import lock_row
from hms.core.refusals import KeyReused, NotAllowed
from hms.core.rights import SYSTEM, acting, person
from hms.core.states import move
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment
from scheduling.statuses import HERE, AppointmentStatus

ROWS_PER_INSERT = 500
CHECKED_BY_DATABASE = ("patient", "appointment", "recorded_by")


@retried_atomic
def record_vitals(
    *, patient: Patient, appointment: Appointment | None = None, measured_at: datetime | None = None,
    temperature_c: Decimal | None = None, pulse: int | None = None,
    systolic: int | None = None, diastolic: int | None = None, respirations: int | None = None,
    oxygen_saturation: int | None = None, on_oxygen: bool | None = None, is_spo2_scale_2: bool = False,
    consciousness: str = "", weight_kg: Decimal | None = None, height_cm: Decimal | None = None,
    pain: int | None = None, glucose_mg_dl: int | None = None, glucose_kind: str = "",
    idempotency_key: str | None = None, by,
) -> VitalSigns:  # fmt: skip
    """Record what was measured at a visit or outside one, in metric units; glucose of no kind is of any time.

    Refuses impossible values, nothing at all, and a visit at which nobody can be measured now.
    A second call with the same key returns the first row.
    """
    lock_to_record(patient, by=by, permission="clinical.add_vitalsigns")
    if first := _recorded_before(idempotency_key, patient):
        return first
    vitals = VitalSigns(
        patient=patient, appointment=appointment, measured_at=measured_at or timezone.now(),
        temperature_c=temperature_c, pulse=pulse, systolic=systolic, diastolic=diastolic,
        respirations=respirations, oxygen_saturation=oxygen_saturation, on_oxygen=on_oxygen,
        is_spo2_scale_2=is_spo2_scale_2, consciousness=consciousness, weight_kg=weight_kg,
        height_cm=height_cm, pain=pain, glucose_mg_dl=glucose_mg_dl, glucose_kind=glucose_kind,
        idempotency_key=idempotency_key, recorded_by=person(by),
    )  # fmt: skip
    _check(vitals)
    if appointment is not None:
        refuse_to_measure(Appointment.objects.get(pk=appointment.pk))
    vitals.save()
    return vitals


@retried_atomic
def record_past_vitals(*, rows: Iterable[VitalSigns], by) -> list[VitalSigns]:
    """Record vital signs of many patients, all or none, as an import does; refuses like `record_vitals`.

    Only the system may: nobody treats all these patients. The rows name who recorded them.
    """
    if acting(by) is not SYSTEM:
        raise NotAllowed
    rows = list(rows)
    for vitals in rows:
        vitals.status = VitalSignsStatus.RECORDED
        _check(vitals)
    return VitalSigns.objects.bulk_create(rows, batch_size=ROWS_PER_INSERT)


@retried_atomic
def withdraw_vitals(*, vitals: VitalSigns, reason: str, by) -> VitalSigns:
    """Mark vital signs as entered in error; refuses without a reason, and if they are marked already."""
    lock_to_record(vitals.patient, by=by, permission="clinical.change_vitalsigns")
    vitals = lock_row(VitalSigns.objects.all(), pk=vitals.pk)
    if not tidy(reason):
        raise ReasonMissing
    move(vitals, VitalSignsStatus.ENTERED_IN_ERROR, status_reason=tidy(reason))
    return vitals


def refuse_to_measure(appointment: Appointment) -> None:
    """Refuse a visit that takes place on another day or not at all; before check-in is early enough."""
    if not can_be_measured(appointment, timezone.now()):
        raise NobodyToMeasure


def can_be_measured(appointment: Appointment, now: datetime) -> bool:
    is_expected = appointment.status == AppointmentStatus.BOOKED and appointment.may_arrive(now)
    return is_expected or appointment.status in HERE | {AppointmentStatus.COMPLETED}


def _recorded_before(key: str | None, patient: Patient) -> VitalSigns | None:
    first = VitalSigns.objects.filter(idempotency_key=key).first() if key else None
    if first is not None and first.patient_id != patient.pk:
        raise KeyReused
    return first


def _check(vitals: VitalSigns) -> None:
    if vitals.appointment and vitals.appointment.patient_id != vitals.patient_id:
        raise AppointmentOfAnother
    born = vitals.patient.date_of_birth
    if vitals.measured_at > timezone.now() or timezone.localdate(vitals.measured_at) < born:
        raise MeasuredAtImpossible
    if vitals.glucose_mg_dl is not None:
        vitals.glucose_kind = vitals.glucose_kind or GlucoseKind.RANDOM
    else:
        vitals.glucose_kind = ""
    vitals.clean_fields(exclude=CHECKED_BY_DATABASE)
    vitals.clean()
