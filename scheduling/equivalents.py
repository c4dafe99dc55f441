"""Times that can stand in for a visit that its doctor cannot keep, the best first.

The same doctor within a week of the visit, else one of the same department who costs no more, else either of
them later. Always in the same mode; at the same branch before others, and then the nearest time. A time
before the visit that leaves no day to answer comes after all others.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from scheduling.availability import BookingTerms, Slot, offered_slots
from scheduling.availability.terms import STAFF_HORIZON_DAYS
from scheduling.models import Appointment, Doctor
from scheduling.statuses import VisitKind

NEAR = timedelta(days=7)
FAR = timedelta(days=21)


def equivalents(visit: Appointment) -> list[tuple[Doctor, Slot]]:
    """All that are free now, without those that overlap the visit itself."""
    own = visit.doctor
    others = Doctor.objects.bookable().filter(department=own.department_id, fee__lte=own.fee)
    doctors = {doctor.pk: doctor for doctor in others.select_related("department", "specialization")}
    found = [
        (doctors[pk], slot)
        for is_own in (True, False)
        for pk, slots in _free(visit, [doctor for doctor in doctors.values() if (doctor == own) == is_own])
        for slot in slots
        if slot.mode == visit.mode and not (slot.starts_at < visit.ends_at and visit.starts_at < slot.ends_at)
    ]
    now = timezone.now()
    return sorted(found, key=lambda one: rank(visit, *one, now=now))


def rank(visit: Appointment, doctor: Doctor, slot: Slot, *, now: datetime) -> tuple:
    away = abs(slot.start - visit.starts_at.timestamp())
    is_hurried = slot.start < min(visit.starts_at, now + time_to_answer()).timestamp()
    is_far, is_other = away > NEAR.total_seconds(), doctor.pk != visit.doctor_id
    return is_hurried, is_far, is_other, slot.branch_id != visit.branch_id, away, slot.start, doctor.pk


def time_to_answer() -> timedelta:
    """How long before a time its offer must be made to be held as long as the hospital wants."""
    rules = settings.WAITING
    return timedelta(hours=rules["cascade_hours"] + rules["cascade_until_hours_before"])


def kind_with(visit: Appointment, doctor: Doctor) -> str:
    """The kind of visit stays with its doctor, and is the first with another one."""
    return visit.visit_kind if doctor.pk == visit.doctor_id else ""


def _free(visit: Appointment, doctors: list[Doctor]):
    if not doctors:
        return ()
    day = timezone.localdate(visit.starts_at)
    first, last = max(timezone.localdate(), day - NEAR), day + FAR
    terms = replace(BookingTerms.for_patients(), horizon_days=STAFF_HORIZON_DAYS)
    kind = kind_with(visit, doctors[0]) or VisitKind.FIRST
    return offered_slots(doctors, first, last, terms=terms.of_kind(kind)).items()


def chosen(visit: Appointment, doctor_reference: str, starts_at: datetime) -> tuple[Doctor, Slot] | None:
    """The equivalent time with this doctor and beginning, if it is one."""
    for doctor, slot in equivalents(visit):
        if doctor.reference == doctor_reference and slot.starts_at == starts_at:
            return doctor, slot
    return None
