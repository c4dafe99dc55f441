from django.utils import timezone

from accounts.names import tidy
from clinical.exceptions import NotReleased, NotYourResult, ResultCorrected
from clinical.models import LabResult
from clinical.services.lab_orders import check_columns
from clinical.services.rights import treats
from clinical.statuses import LabResultStatus
from hms.core.rights import SYSTEM, person, require
from hms.core.states import move
from hms.core.transactions import retried_atomic


@retried_atomic
def acknowledge_result(*, result: LabResult, note: str = "", by) -> LabResult:
    """Take note of a released result, which lets the patient see it; a second call changes nothing.

    Refuses a result whose correction is released. Refuses others than the ordering doctor until it is
    overdue; then the head of the department and doctors who treat the patient may do it.
    """
    require(by, "clinical.acknowledge_labresult")
    result = LabResult.objects.select_for_update().get(pk=result.pk)
    if result.status == LabResultStatus.ACKNOWLEDGED:
        return result
    if not result.is_waiting:
        raise NotReleased
    if not LabResult.objects.latest().filter(pk=result.pk).exists():
        raise ResultCorrected
    if by is not SYSTEM and not _may_acknowledge(result, by):
        raise NotYourResult
    result.note_for_patient = tidy(note)
    check_columns(result)
    move(
        result, LabResultStatus.ACKNOWLEDGED, acknowledged_at=timezone.now(), acknowledged_by=person(by),
        note_for_patient=tidy(note),
    )  # fmt: skip
    return result


def _may_acknowledge(result: LabResult, by) -> bool:
    doctor = result.order.doctor
    if doctor.user_id == by.pk:
        return True
    if not result.is_overdue:
        return False
    head = doctor.department.head
    is_head = head is not None and head.user_id == by.pk
    return is_head or treats(by, result.patient)
