"""Who may pay for whom; checked by the services, not only by the screens."""

from accounts.models.guardianship import Scope
from accounts.rights import may_act_for
from hms.core.refusals import NotAllowed
from hms.core.rights import acting


def may_pay_for(by, patient_id: int) -> bool:
    """Whether the person may pay for the patient: as a carer with that scope, or as front desk staff."""
    if acting(by).is_staff and by.has_perm("billing.take_payment"):
        return True
    return may_act_for(by, patient_id, Scope.PAY)


def require_payer(by, patient_id: int) -> None:
    if not may_pay_for(by, patient_id):
        raise NotAllowed
