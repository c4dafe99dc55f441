"""Who may do what to an appointment; the services check it, so every entry point is covered."""

from accounts.models import Patient
from accounts.models.guardianship import Scope
from accounts.rights import may_act_for
from hms.core.locks import lock_row
from hms.core.refusals import NotAllowed
from hms.core.rights import acting
from scheduling.availability import BookingTerms


def is_desk(by) -> bool:
    """Whether the person books for any patient."""
    return acting(by).is_staff and by.has_perm("scheduling.book_for_others")


def terms_for(by) -> BookingTerms:
    return BookingTerms.for_staff() if is_desk(by) else BookingTerms.for_patients()


def require_right_to_book(by, patient_id: int) -> None:
    """Refuse unless the person is the desk or has a guardianship in force that allows booking."""
    if not is_desk(by) and not may_act_for(by, patient_id, Scope.BOOK):
        raise NotAllowed


def lock_patient_to_book(by, patient_id: int) -> None:
    """`require_right_to_book`, and lock the patient's row so that limits are counted one at a time."""
    if is_desk(by):
        lock_row(Patient.objects.only("pk"), pk=patient_id)
    elif not may_act_for(by, patient_id, Scope.BOOK, lock=True):
        raise NotAllowed
