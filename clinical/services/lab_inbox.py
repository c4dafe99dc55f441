from collections.abc import Collection

from django.utils import timezone

from accounts.names import tidy
from clinical.exceptions import NotOneSample, NotReleased, NotYourResult, ResultCorrected
from clinical.models import LabOrder, LabResult
from clinical.services.lab_documents import code_for_more_results
from clinical.services.lab_orders import check_columns, locked
from clinical.services.rights import treats
from clinical.services.visit_documents import renew_summary
from clinical.signals import released_to_patient
from clinical.statuses import LabResultStatus
from hms.core.rights import SYSTEM, person, require
from hms.core.states import move
from hms.core.transactions import retried_atomic


def acknowledge_result(*, result: LabResult, note: str = "", by) -> LabResult:
    """Take note of one result, as `acknowledge_results` does."""
    return acknowledge_results(results=[result], note=note, by=by)[0]


@retried_atomic
def acknowledge_results(*, results: Collection[LabResult], note: str = "", by) -> list[LabResult]:
    """Take note of released results of one sample, which lets the patient see them.

    A second call changes nothing. Refuses a result whose correction is released. Refuses others than the
    ordering doctor until it is overdue; then the head of the department and doctors who treat the patient
    may do it.
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
    rows = LabResult.objects.select_for_update().filter(order__in=orders).order_by("pk")
    related = ("order__appointment", "order__doctor__department__head", "patient", "document")
    return {row.pk: row for row in rows.prefetch_related(*related)}


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
    if not result.is_overdue:
        return False
    head = doctor.department.head
    is_head = head is not None and head.user_id == by.pk
    return is_head or treats(by, result.patient)


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
    for row in {row.confidentiality: row for row in fresh}.values():
        released_to_patient.send(LabResult, record=row)
