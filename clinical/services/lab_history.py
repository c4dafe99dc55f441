from collections.abc import Mapping
from datetime import datetime

from accounts.models import User
from clinical.models import LabOrder, LabResult, LabTest
from clinical.services.lab_documents import code_of_sample
from clinical.services.lab_findings import Finding, set_finding
from clinical.services.lab_orders import check_columns, next_label
from clinical.statuses import LabOrderStatus, LabResultStatus
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment


@retried_atomic
def record_past_results(
    *,
    appointment: Appointment,
    findings: Mapping[LabTest, Finding],
    at: datetime,
    ordered_at: datetime | None = None,
    entered_by: User | None,
    verified_by: User | None,
    note: str = "",
    by,
) -> list[LabResult]:
    """Write results that were reported and acknowledged in the past, for example from another system.

    Without `ordered_at` the tests count as ordered when the results were there. Each result meets the range
    of its day. Refuses everybody but the software itself.
    """
    if by is not SYSTEM:
        raise NotAllowed
    label = next_label(at.date())
    orders = [_past_order(appointment, test, ordered_at or at, at, label) for test in findings]
    LabOrder.objects.bulk_create(orders)
    code = code_of_sample(orders[0], issued_on=at.date(), by=by) if orders else None
    results = [
        _past_result(order, findings[order.test], at, entered_by, verified_by, note, code) for order in orders
    ]
    return LabResult.objects.bulk_create(results)


def _past_result(
    order: LabOrder, finding: Finding, at: datetime, entered_by, verified_by, note: str, code
) -> LabResult:
    """The acknowledged result, not yet saved."""
    result = LabResult(
        patient=order.patient, recorded_at=at, order=order, recorded_by=entered_by,
        status=LabResultStatus.ACKNOWLEDGED, confidentiality=order.confidentiality, verified_at=at,
        verified_by=verified_by, released_at=at, released_by=verified_by, acknowledged_at=at,
        acknowledged_by=order.recorded_by, note_for_patient=note, document=code,
    )  # fmt: skip
    set_finding(result, finding, was=None, by=SYSTEM)
    check_columns(result)
    return result


def _past_order(
    appointment: Appointment, test: LabTest, ordered_at: datetime, at: datetime, label: str
) -> LabOrder:
    """The released order, not yet saved."""
    doctor = appointment.doctor
    order = LabOrder(
        patient=appointment.patient, recorded_at=ordered_at, appointment=appointment, doctor=doctor,
        test=test, recorded_by=doctor.user, label=label, status=LabOrderStatus.RELEASED, due_at=at,
        collected_at=ordered_at, resulted_at=at, verified_at=at, released_at=at,
        confidentiality=test.confidentiality,
    )  # fmt: skip
    check_columns(order)
    return order
