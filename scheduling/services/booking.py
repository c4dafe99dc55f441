"""From a free time to an appointment."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Patient
from hms.core.transactions import retried_atomic
from scheduling.availability import Reason, Slot, find_slot
from scheduling.exceptions import (
    KeyReused,
    OverbookingNeedsReason,
    Refusal,
    SlotNotOffered,
    SlotTaken,
    TooManyBookings,
    TooManyHolds,
)
from scheduling.models import Appointment, Doctor
from scheduling.services.claims import claim_time, release_time
from scheduling.services.permissions import (
    is_desk,
    lock_patient_for,
    require_change,
    require_right,
    terms_for,
)
from scheduling.services.steps import lock, move, write_step
from scheduling.signals import appointment_booked, appointment_held
from scheduling.statuses import AppointmentStatus, BookingSource

OCCUPIED = (Reason.TAKEN, Reason.HELD)
MOST_SEATS = 100


@retried_atomic
def hold_slot(*, idempotency_key: str | None = None, by, **wish) -> Appointment:
    """Hold a free time for a patient for a few minutes; the same key gives the first call's hold again.

    Takes `patient`, `doctor`, `starts_at`, and optionally `symptoms` and `source`.
    Refuses with `SlotTaken`, `PatientBusy`, `SlotNotOffered` (its code says why), `TooManyBookings`,
    `TooManyHolds` or `NotAllowed`.
    """
    held_until = timezone.now() + timedelta(minutes=settings.BOOKING["hold_minutes"])
    fields = {"status": AppointmentStatus.HELD, "held_until": held_until}
    appointment, is_new = _once(idempotency_key, by, fields | wish)
    if is_new:
        appointment_held.send(Appointment, appointment=appointment, by=by)
    return appointment


@retried_atomic
def book_appointment(*, idempotency_key: str | None = None, by, **wish) -> Appointment:
    """Book a free time at once, as the desk does; refuses like `hold_slot`.

    With `overbooking_reason` and the right to overbook, a time that is taken is given one seat more.
    """
    appointment, is_new = _once(idempotency_key, by, {"status": AppointmentStatus.BOOKED} | wish)
    if is_new:
        appointment_booked.send(Appointment, appointment=appointment, by=by)
    return appointment


@retried_atomic
def confirm_booking(*, appointment: Appointment, by) -> Appointment:
    """Turn a hold into a booking; a second call changes nothing.

    A hold that ran out is booked as well if its time is still free, otherwise `SlotTaken` or
    `SlotNotOffered`. Refuses every other status with `StepRefused`.
    """
    appointment = lock(appointment)
    require_change(by, appointment)
    if appointment.status == AppointmentStatus.BOOKED:
        return appointment
    has_run_out = appointment.status == AppointmentStatus.EXPIRED or appointment.hold_has_expired
    if has_run_out:
        release_time(appointment)
    move(appointment, AppointmentStatus.BOOKED, by=by)
    if has_run_out:
        take_slot(appointment, by=by)
    appointment_booked.send(Appointment, appointment=appointment, by=by)
    return appointment


def take_slot(appointment: Appointment, *, by, starts_at: datetime | None = None) -> None:
    """Claim the doctor's offered slot for a saved appointment and write the slot's particulars on it."""
    doctor = _fresh(appointment.doctor_id)
    starts_at = starts_at or appointment.starts_at
    slot = _offered(doctor, starts_at, by=by)
    _occupy(appointment, slot)
    appointment.save(update_fields=["starts_at", "ends_at", "seat", "branch_id", "mode"])
    _claim_a_seat(appointment, doctor, by=by)


def _once(key: str | None, by, wish: dict) -> tuple[Appointment, bool]:
    """Create the appointment, or return the one that this key made before."""
    try:
        with transaction.atomic():
            return _create(key, by, **wish), True
    except (Refusal, IntegrityError):
        first = Appointment.objects.filter(idempotency_key=key).first() if key else None
        if first is None:
            raise
        same = (first.patient_id, first.doctor_id, first.starts_at)
        if same != (wish["patient"].pk, wish["doctor"].pk, wish["starts_at"]):
            raise KeyReused from None
        return first, False


def _create(
    key: str | None,
    by,
    *,
    patient: Patient,
    doctor: Doctor,
    starts_at: datetime,
    overbooking_reason: str = "",
    **fields,
) -> Appointment:
    patient = lock_patient_for(by, patient)
    doctor = _fresh(doctor.pk)
    fields = {"source": BookingSource.WEB} | fields
    overbook = bool(overbooking_reason)
    slot = _overbooked(doctor, starts_at, by=by) if overbook else _offered(doctor, starts_at, by=by)
    _check_limits(patient, by)
    appointment = Appointment(
        patient=patient,
        doctor=doctor,
        booked_by=by,
        idempotency_key=key,
        overbooking_reason=overbooking_reason,
        **fields,
    )
    _occupy(appointment, slot)
    appointment.save(force_insert=True)
    write_step(appointment, "", by=by, note=overbooking_reason)
    _claim_a_seat(appointment, doctor, by=by, overbook=overbook)
    return appointment


def _fresh(doctor_id: int) -> Doctor:
    return Doctor.objects.select_related("department").get(pk=doctor_id)


def _offered(doctor: Doctor, starts_at: datetime, *, by) -> Slot:
    slot = find_slot(doctor, starts_at, terms=terms_for(by))
    if slot is None:
        raise SlotNotOffered(Reason.NOT_A_SLOT)
    if slot.reason in OCCUPIED:
        raise SlotTaken
    if slot.reason:
        raise SlotNotOffered(slot.reason)
    return slot


def _overbooked(doctor: Doctor, starts_at: datetime, *, by) -> Slot:
    require_right(by, "scheduling.overbook")
    slot = find_slot(doctor, starts_at, terms=terms_for(by))
    if slot is None:
        raise SlotNotOffered(Reason.NOT_A_SLOT)
    if slot.reason and slot.reason not in OCCUPIED:
        raise SlotNotOffered(slot.reason)
    return slot


def _occupy(appointment: Appointment, slot: Slot) -> None:
    seat = slot.free_seat()
    appointment.starts_at, appointment.ends_at = slot.starts_at, slot.ends_at
    appointment.branch_id, appointment.mode = slot.branch_id, slot.mode
    appointment.seat = _lowest_free(slot) if seat is None else seat


def _lowest_free(slot: Slot) -> int:
    return next(seat for seat in range(MOST_SEATS) if not slot.occupied >> seat & 1)


def _claim_a_seat(appointment: Appointment, doctor: Doctor, *, by, overbook: bool = False) -> None:
    """Claim the chosen seat; where somebody was quicker and the slot has another one, that one."""
    while True:
        try:
            return claim_time(appointment)
        except SlotTaken:
            find = _overbooked if overbook else _offered
            slot = find(doctor, appointment.starts_at, by=by)
            if slot.capacity == 1 and not overbook:
                raise
            _occupy(appointment, slot)
            appointment.save(update_fields=["seat"])


def _check_limits(patient: Patient, by) -> None:
    if is_desk(by):
        return
    limits = settings.BOOKING
    if Appointment.objects.filter(patient=patient).upcoming().count() >= limits["upcoming_per_patient"]:
        raise TooManyBookings(limit=limits["upcoming_per_patient"])
    held = Appointment.objects.filter(
        booked_by=by, status=AppointmentStatus.HELD, held_until__gt=timezone.now()
    )
    if held.count() >= limits["holds_per_login"]:
        raise TooManyHolds(limit=limits["holds_per_login"])


def require_overbooking_reason(reason: str) -> str:
    """The trimmed reason; refuses an empty one."""
    if not reason.strip():
        raise OverbookingNeedsReason
    return reason.strip()
