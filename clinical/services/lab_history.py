from collections.abc import Mapping
from datetime import datetime

from accounts.models import User
from clinical.models import LabOrder, LabResult, LabTest
from clinical.services.lab_documents import code_of_sample
from clinical.services.lab_findings import Finding, filled_in
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
    entered_by: User | None,
    verified_by: User | None,
    note: str = "",
    by,
) -> list[LabResult]:
    """Write results that were reported and acknowledged in the past, for example from another system.

    Each meets the range of that day. Refuses everybody but the software itself.
    """
    if by is not SYSTEM:
        raise NotAllowed
    label, results = next_label(at.date()), []
    for test, finding in findings.items():
        order = _past_order(appointment, test, at, label)
        code = results[0].document if results else code_of_sample(order, issued_on=at.date(), by=by)
        result = LabResult(
            patient=order.patient, recorded_at=at, order=order, recorded_by=entered_by,
            status=LabResultStatus.ACKNOWLEDGED, confidentiality=order.confidentiality, verified_at=at,
            verified_by=verified_by, released_at=at, released_by=verified_by, acknowledged_at=at,
            acknowledged_by=order.recorded_by, note_for_patient=note,
            document=code,
        )  # fmt: skip
        results.append(filled_in(result, finding, by=by))
    return results


def _past_order(appointment: Appointment, test: LabTest, at: datetime, label: str) -> LabOrder:
    doctor = appointment.doctor
    order = LabOrder(
        patient=appointment.patient, recorded_at=at, appointment=appointment, doctor=doctor, test=test,
        recorded_by=doctor.user, label=label, status=LabOrderStatus.RELEASED, due_at=at, collected_at=at,
        resulted_at=at, verified_at=at, released_at=at, confidentiality=test.confidentiality,
    )  # fmt: skip
    check_columns(order)
    order.save()
    return order
