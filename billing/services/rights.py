"""Who may do what with money; asked by the services, so no screen is a way round."""

from accounts.models.guardianship import Scope
from accounts.rights import may_act_for
from billing.models import Invoice
from hms.core.refusals import NotAllowed


def require_right(by, permission: str) -> None:
    """Refuse unless the person holds the permission."""
    if by is None or not by.has_perm(permission):
        raise NotAllowed


def may_pay_for(by, patient_id: int) -> bool:
    """Whether the person may pay for the patient: by guardianship, or as the desk."""
    if by.is_staff and by.has_perm("billing.take_payment"):
        return True
    return may_act_for(by, patient_id, Scope.PAY)


def require_payer(by, invoice: Invoice) -> None:
    if not may_pay_for(by, invoice.patient_id):
        raise NotAllowed
