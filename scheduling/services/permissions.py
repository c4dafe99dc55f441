"""Who may do what to an appointment; the services check it, so every entry point is covered."""

from datetime import datetime

from django.conf import settings

from accounts.models import Patient
from accounts.models.guardianship import Scope
from accounts.rights import may_act_for
from hms.core.locks import lock_row
from hms.core.refusals import NotAllowed
from hms.core.rights import acting
from scheduling.access import may_run
from scheduling.availability import BookingTerms
from scheduling.exceptions import AskTheDesk
from scheduling.models import Appointment, Doctor, ScheduleException
from scheduling.querysets import DoctorQuerySet
from scheduling.statuses import ExceptionKind


def is_desk(by) -> bool:
    """Whether the person books for any patient."""
    return acting(by).is_staff and by.has_perm("scheduling.book_for_others")


def is_own_manager(by) -> bool:
    """Whether the person has the right to manage the bookings of the own days as a doctor."""
    return acting(by).is_staff and by.has_perm("scheduling.manage_own_bookings")


def may_change_bookings(by) -> bool:
    """Whether the person may change any bookings: the desk, and doctors where they manage their own days."""
    return is_desk(by) or _manages_own_days(by)


def doctors_booked_by(by) -> DoctorQuerySet:
    """The doctors for whose times the person books: all for the desk, the own for a doctor."""
    if is_desk(by):
        return Doctor.objects.all()
    return Doctor.objects.filter(user=by) if _manages_own_days(by) else Doctor.objects.none()


def manages(by, doctor_id: int, at: datetime) -> bool:
    """Whether the person books, moves and cancels for the hospital at this time of the doctor.

    The desk does, the doctor, and who covers a leave of the doctor then.
    """
    if is_desk(by):
        return True
    if not _manages_own_days(by):
        return False
    doctors = Doctor.objects.filter(pk=doctor_id)
    return doctors.filter(user=by).exists() or doctors.covered_by(by, at).exists()


def reads_desk_note(by, appointment: Appointment) -> bool:
    """Whether the person is the desk or runs the visit."""
    return is_desk(by) or (acting(by).has_perm("scheduling.run_consultation") and may_run(by, appointment))


def may_ask_the_desk(by, appointment: Appointment) -> bool:
    """Whether the person runs the visit as a doctor where the front desk changes bookings."""
    is_asked = not settings.BOOKING["doctors_manage"] and not is_desk(by)
    return is_asked and is_own_manager(by) and may_run(by, appointment)


def terms_for(by, doctor_id: int, at: datetime) -> BookingTerms:
    return BookingTerms.for_staff() if manages(by, doctor_id, at) else BookingTerms.for_patients()


def require_right_to_book(by, patient_id: int) -> None:
    """Refuse unless the person is the desk or has a guardianship in force that allows booking."""
    if not is_desk(by) and not may_act_for(by, patient_id, Scope.BOOK):
        raise NotAllowed


def require_right_to_change(by, appointment: Appointment) -> None:
    """`require_right_to_book`, or the right to manage the doctor's bookings at that time."""
    if not manages(by, appointment.doctor_id, appointment.starts_at):
        _explain_the_setting(by, appointment.doctor_id)
        require_right_to_book(by, appointment.patient_id)


def lock_patient_to_book(by, patient_id: int, *, is_managed: bool = False) -> None:
    """`require_right_to_book`, and lock the patient's row so that limits are counted one at a time.

    `is_managed`: the person manages the doctor's bookings, and books any patient whom they see.
    """
    if is_desk(by) or (is_managed and _sees(by, patient_id)):
        lock_row(Patient.objects.only("pk"), pk=patient_id)
    elif not may_act_for(by, patient_id, Scope.BOOK, lock=True):
        raise NotAllowed


def may_enter_leave(by, exception: ScheduleException) -> bool:
    """Whether this is the person's own leave as a doctor: asked for, or entered unless the desk does it."""
    if not is_own_manager(by) or exception.doctor is None or exception.doctor.user_id != by.pk:
        return False
    return exception.kind == ExceptionKind.ASKED or (
        exception.kind == ExceptionKind.LEAVE and settings.BOOKING["doctors_manage"]
    )


def _manages_own_days(by) -> bool:
    return settings.BOOKING["doctors_manage"] and is_own_manager(by)


def _sees(by, patient_id: int) -> bool:
    return Patient.objects.visible_to(by).filter(pk=patient_id).exists()


def _explain_the_setting(by, doctor_id: int) -> None:
    if settings.BOOKING["doctors_manage"] or not is_own_manager(by):
        return
    if Doctor.objects.filter(pk=doctor_id, user=by).exists():
        raise AskTheDesk
