from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.utils import timezone

from accounts.names import tidy
from clinical.exceptions import NotReleased, NotYourResult, ResultCorrected
from clinical.models import LabResult
from clinical.models.lab_result import overdue_since
from clinical.services.lab_orders import check_columns
from clinical.statuses import LabResultStatus
from hms.core.rights import SYSTEM, person, require
from hms.core.states import move
from hms.core.transactions import retried_atomic
from scheduling.access import doctors_covered_by
from scheduling.models import Doctor, ScheduleException


@retried_atomic
def acknowledge_result(*, result: LabResult, note: str = "", by) -> LabResult:
    """Take note of a released result, which lets the patient see it; a second call changes nothing.

    Refuses a result whose correction is released. Refuses others than the ordering and the covering doctor
    until it is overdue; then all who may read it, so the head of the department too.
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
    if not result.is_overdue and not doctors_covered_by(by).filter(pk=doctor.pk).exists():
        return False
    return LabResult.objects.visible_to(by).filter(pk=result.pk).exists()


@dataclass(frozen=True)
class Waiting:
    """Overdue results of one doctor that the head of the department must not read."""

    doctor: Doctor
    count: int
    since: datetime
    covered_by: Doctor | None


def waiting_below(*, by) -> list[Waiting]:
    """How many sensitive results are overdue, with whom and since when: nothing of patients, tests or values.

    For the head of the department, who presses the doctor or has a covering doctor named.
    """
    require(by, "clinical.acknowledge_labresult")
    rows = LabResult.objects.latest().overdue_below(by, overdue_since()).order_by()
    found = rows.values("order__doctor").annotate(number=Count("pk"), since=Min("released_at"))
    by_doctor = {row["order__doctor"]: row for row in found.order_by("since")}
    doctors = Doctor.objects.in_bulk(by_doctor) if by_doctor else {}
    covers = covering(by_doctor) if by_doctor else {}
    return [
        Waiting(doctors[key], row["number"], row["since"], covers.get(key)) for key, row in by_doctor.items()
    ]


def covering(doctors: Iterable[int]) -> dict[int, Doctor]:
    """The doctors who cover for these now, by the key of the doctor on leave."""
    now = timezone.now()
    leaves = ScheduleException.objects.filter(
        doctor__in=list(doctors), covered_by__isnull=False, starts_at__lte=now, ends_at__gt=now
    )
    return {leave.doctor_id: leave.covered_by for leave in leaves.select_related("covered_by")}
