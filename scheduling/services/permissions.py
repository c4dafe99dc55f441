"""Who may do what to an appointment; asked by the services, so no screen is a way round."""

from accounts.models import Patient
from scheduling.availability import BookingTerms
from scheduling.exceptions import NotAllowed
from scheduling.models import Appointment


def is_desk(by) -> bool:
    """Whether the person books for anybody. None is the system itself (commands, late money)."""
    return by is None or (by.is_staff and by.has_perm("scheduling.book_for_others"))


def terms_for(by) -> BookingTerms:
    return BookingTerms.for_staff() if is_desk(by) else BookingTerms.for_patients()


def lock_patient_for(by, patient: Patient) -> Patient:
    """The patient's row, locked, so that limits are counted once; refuses whoever may not book for them."""
    mine = Patient.objects.all() if is_desk(by) else Patient.objects.cared_for_by(by, "may_book")
    locked = mine.select_for_update().filter(pk=patient.pk).first()
    if locked is None:
        raise NotAllowed
    return locked


def require_change(by, appointment: Appointment) -> None:
    """Refuse unless the person is the desk or may book for the appointment's patient."""
    if (
        not is_desk(by)
        and not Patient.objects.cared_for_by(by, "may_book").filter(pk=appointment.patient_id).exists()
    ):
        raise NotAllowed


def require_right(by, permission: str) -> None:
    if by is not None and not by.has_perm(permission):
        raise NotAllowed
