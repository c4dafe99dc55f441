from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.utils import timezone

from accounts.names import tidy
from clinical.exceptions import NotOneSample, NotReleased, NotYourResult, ResultCorrected
from clinical.models import LabOrder, LabResult
from clinical.models.lab_result import overdue_since
from clinical.services.lab_documents import code_for_more_results
from clinical.services.lab_orders import check_columns, locked
from clinical.services.visit_documents import renew_summary
from clinical.signals import released_to_patient, result_released
from clinical.statuses import LabResultStatus
from hms.core.locks import lock_rows
from hms.core.rights import SYSTEM, person, require
from hms.core.states import move
from hms.core.transactions import retried_atomic
from scheduling.access import doctors_covered_by
from scheduling.models import Doctor, ScheduleException


def acknowledge_result(*, result: LabResult, note: str = "", by) -> LabResult:
    """Take note of one result, as `acknowledge_results` does."""
    return acknowledge_results(results=[result], note=note, by=by)[0]


@retried_atomic
def acknowledge_results(*, results: Collection[LabResult], note: str = "", by) -> list[LabResult]:
    """Take note of released results of one sample, which lets the patient see them.

    A second call changes nothing. Refuses a result whose correction is released. Refuses others than the
    ordering and the covering doctor until it is overdue; then all who may read it, so the head of the
    department too.
    """
    require(by, "clinical.acknowledge_labresult")
    of_sample = _locked_sample(results)
    wanted = [of_sample[result.pk] for result in results]
    fresh = [result for result in wanted if result.status != LabResultStatus.ACKNOWLEDGED]
    for result in fresh:
        _refuse_to_acknowledge(result, by)
        result.note_for_patient = tidy(note)
        check_columns(result)
    if fresh:
        _acknowledge(fresh, of_sample.values(), by)
    return wanted


def _locked_sample(results: Collection[LabResult]) -> dict[int, LabResult]:
    """All results of the sample, by primary key; refuses results of several samples."""
    samples = {(result.order.label, result.patient_id) for result in results}
    if len(samples) != 1:
        raise NotOneSample
    ((label, patient),) = samples
    orders = {row.pk: row for row in locked(LabOrder.objects.filter(label=label, patient=patient))}
    rows = LabResult.objects.filter(order__in=orders).order_by("pk")
    related = ("order__appointment", "order__doctor__department__head", "patient", "document")
    return {row.pk: row for row in lock_rows(rows.prefetch_related(*related))}


def _refuse_to_acknowledge(result: LabResult, by) -> None:
    if not result.is_waiting:
        raise NotReleased
    if not LabResult.objects.latest().filter(pk=result.pk).exists():
        raise ResultCorrected
    if by is not SYSTEM and not _may_acknowledge(result, by):
        raise NotYourResult


def _may_acknowledge(result: LabResult, by) -> bool:
    doctor = result.order.doctor
    if doctor.user_id == by.pk:
        return True
    if not result.is_overdue and not doctors_covered_by(by).filter(pk=doctor.pk).exists():
        return False
    return LabResult.objects.visible_to(by).filter(pk=result.pk).exists()


def _acknowledge(fresh: list[LabResult], of_sample: Collection[LabResult], by) -> None:
    """Papers without these results are replaced; those who may read the results are told once."""
    now, code = timezone.now(), code_for_more_results(of_sample, by=by)
    for row in fresh:
        move(
            row, LabResultStatus.ACKNOWLEDGED, acknowledged_at=now, acknowledged_by=person(by),
            note_for_patient=row.note_for_patient, document=code or row.document,
        )  # fmt: skip
    for appointment in {row.order.appointment for row in fresh}:
        renew_summary(appointment, by=by)
    for row in fresh:
        result_released.send(LabResult, result=row)
    for row in {row.confidentiality: row for row in fresh}.values():
        released_to_patient.send(LabResult, record=row)


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
