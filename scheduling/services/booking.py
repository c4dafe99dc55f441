"""Holding and booking free times."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Patient
from hms.core.refusals import KeyReused, Refusal
from hms.core.rights import person
from hms.core.transactions import retried_atomic
from scheduling.availability import doctor_terms
from scheduling.exceptions import OverbookingNeedsReason
from scheduling.models import Appointment, Doctor, Offer
from scheduling.services.claims import release_time
from scheduling.services.limits import check_limits
from scheduling.services.missed import require_terms_after_no_shows
from scheduling.services.permissions import (
    lock_patient_to_book,
    manages,
    require_right_to_book,
    require_right_to_change,
    terms_for,
)
from scheduling.services.slots import SlotChoice, kind_at, take_slot
from scheduling.services.steps import begin, lock, take_step
from scheduling.signals import appointment_booked, appointment_held
from scheduling.statuses import AppointmentStatus, BookingSource, VisitKind
from scheduling.waiting_exceptions import AnswerTheOffer

ENDED_UNUSED = (AppointmentStatus.EXPIRED, AppointmentStatus.CANCELLED)


def hold_slot(
    *,
    patient: Patient,
    doctor: Doctor,
    starts_at: datetime,
    symptoms: str = "",
    visit_kind: str = "",
    source: str = BookingSource.WEB,
    idempotency_key: str | None = None,
    by,
) -> Appointment:
    """Hold a free time for a patient for a few minutes; repeating the key returns the first hold.

    Refuses with `SlotTaken`, `PatientBusy`, `SlotNotOffered` (its code is the reason), `TooManyBookings`,
    `TooManyHolds`, `BookByPhone` (after no-shows) or `NotAllowed`.
    """
    request = _BookingRequest(patient, doctor, starts_at, symptoms, source, visit_kind)
    return _once(idempotency_key, by, request, AppointmentStatus.HELD)


def book_appointment(
    *,
    patient: Patient,
    doctor: Doctor,
    starts_at: datetime,
    symptoms: str = "",
    visit_kind: str = "",
    source: str = BookingSource.WEB,
    overbooking_reason: str = "",
    shown_price: Decimal | None = None,
    idempotency_key: str | None = None,
    by,
) -> Appointment:
    """Book a free time without a hold, as the desk does; refuses like `hold_slot`, and with `PayInAdvance`.

    With `overbooking_reason` and the right to overbook, a full slot gets one more seat.
    With `shown_price`, refuses if the visit now costs something else.
    """
    visit = (patient, doctor, starts_at, symptoms, source, visit_kind)
    request = _BookingRequest(*visit, overbooking_reason, shown_price)
    return _once(idempotency_key, by, request, AppointmentStatus.BOOKED)


@retried_atomic
def confirm_booking(*, appointment: Appointment, by) -> Appointment:
    """Turn a hold into a booking; a second call changes nothing.

    An expired hold is booked too if its time is still free and has not begun, otherwise refused with
    `SlotTaken` or `SlotNotOffered`; the notice counts from the beginning of the hold. Refuses every other
    status with `StepRefused`.
    """
    appointment = lock(appointment)
    require_right_to_book(by, appointment.patient_id)
    if appointment.status != AppointmentStatus.BOOKED:
        require_terms_after_no_shows(appointment, appointment.doctor, AppointmentStatus.BOOKED, by)
    return _confirm(appointment, by)


@retried_atomic
def confirm_paid_booking(*, appointment: Appointment, by) -> Appointment:
    """`confirm_booking` for a hold that is paid: those who pay need no right to book, the payment books.

    The caller has checked the right to pay.
    """
    return _confirm(lock(appointment), by)


def _confirm(appointment: Appointment, by) -> Appointment:
    if appointment.status == AppointmentStatus.BOOKED:
        return appointment
    if appointment.source == BookingSource.OFFER and Offer.objects.filter(hold=appointment, entry=None):
        raise AnswerTheOffer
    has_run_out = hold_is_over(appointment, at=timezone.now())
    if has_run_out:
        release_time(appointment)
    take_step(appointment, AppointmentStatus.BOOKED)
    if has_run_out:
        terms = terms_for(by, appointment.doctor_id, appointment.starts_at)
        terms = terms.counted_from(appointment.created_at, timezone.now())
        take_slot(appointment, by=by, terms=terms)
    appointment_booked.send(Appointment, appointment=appointment, by=by, is_new=False)
    return appointment


def hold_is_over(appointment: Appointment, *, at: datetime) -> bool:
    """Whether a hold has run out by then, so that a booking must find the time free again."""
    if appointment.status == AppointmentStatus.HELD:
        return appointment.held_until <= at
    return appointment.status == AppointmentStatus.EXPIRED


@dataclass(frozen=True)
class _BookingRequest:
    patient: Patient
    doctor: Doctor
    starts_at: datetime
    symptoms: str
    source: str
    visit_kind: str = ""
    overbooking_reason: str = ""
    shown_price: Decimal | None = None


def _once(key: str | None, by, request: _BookingRequest, status: AppointmentStatus) -> Appointment:
    """Create the appointment, or return the one made with this key unless it has ended."""
    try:
        return _create(key=key, by=by, request=request, status=status)
    except (Refusal, IntegrityError):
        first = Appointment.objects.filter(idempotency_key=key).first() if key else None
        if first is None:
            raise
    require_right_to_change(by, first)
    kind = first.visit_kind and (request.visit_kind or VisitKind.FIRST)
    same = (first.patient_id, first.doctor_id, first.starts_at, first.visit_kind)
    if same != (request.patient.pk, request.doctor.pk, request.starts_at, kind):
        raise KeyReused
    if first.status in ENDED_UNUSED:
        return _once(sha256(key.encode()).hexdigest(), by, request, status)
    return first


@retried_atomic
def _create(*, key: str | None, by, request: _BookingRequest, status: AppointmentStatus) -> Appointment:
    is_managed = manages(by, request.doctor.pk, request.starts_at)
    lock_patient_to_book(by, request.patient.pk, is_managed=is_managed)
    terms = doctor_terms(pk=request.doctor.pk)
    kind, overbook = kind_at(terms, request.visit_kind), bool(request.overbooking_reason)
    choice = SlotChoice(terms, request.starts_at, by, kind, overbook=overbook)
    appointment = Appointment(
        patient=request.patient,
        doctor=request.doctor,
        status=status,
        symptoms=request.symptoms,
        visit_kind=kind,
        source=request.source,
        booked_by=person(by),
        idempotency_key=key,
        overbooking_reason=request.overbooking_reason,
    )
    choice.occupy(appointment)
    check_limits(appointment, by)
    require_terms_after_no_shows(appointment, request.doctor, status, by)
    begin(appointment, at=timezone.now())
    appointment.save(force_insert=True)
    choice.claim(appointment)
    _announce(appointment, by, doctor=choice.doctor, shown_price=request.shown_price)
    return appointment


def _announce(appointment: Appointment, by, **facts) -> None:
    if appointment.status == AppointmentStatus.HELD:
        appointment_held.send(Appointment, appointment=appointment, by=by)
    else:
        appointment_booked.send(Appointment, appointment=appointment, by=by, is_new=True, **facts)


def require_overbooking_reason(reason: str) -> str:
    """The trimmed reason; refuses an empty one."""
    if not reason.strip():
        raise OverbookingNeedsReason
    return reason.strip()
