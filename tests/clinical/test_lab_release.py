"""Results are reported, released, corrected and acknowledged; each step with its refusals."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from clinical.exceptions import (
    CriticalNotReported,
    NotReleased,
    NotYourResult,
    ReasonMissing,
    ResultCorrected,
    SignedIsFinal,
    VerifiedByAuthor,
)
from clinical.models import LabResult
from clinical.services import (
    acknowledge_result,
    collect_sample,
    correct_result,
    enter_result,
    reject_sample,
    release_result,
    report_critical_value,
    verify_result,
)
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from tests.clinical.lab_rows import (
    acknowledged,
    number,
    released,
    technician,
    verified,
    waited,
)
from tests.clinical.rows import doctor_at_work, patient_of
from tests.factories import staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C06")]


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def lab():
    return technician()


def test_a_critical_value_is_reported_before_it_is_released(doctor, lab):
    result = verified(doctor, "7.1")

    with pytest.raises(CriticalNotReported):
        release_result(result=result, by=lab)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySet(LabResult).filter(pk=result.pk).update(status="released", released_at=timezone.now())
    with pytest.raises(ValidationError, match="Enter to whom"):
        report_critical_value(result=result, to=" ", by=lab)
    report_critical_value(result=result, to="Dr Rao, ward 3", by=lab)
    done = [release_result(result=result, by=lab) for _time in range(2)]

    assert {(row.reported_to, row.reported_by, row.released_by) for row in done} == {
        ("Dr Rao, ward 3", lab, lab)
    }


def test_only_the_laboratory_works_on_results(doctor):
    result = verified(doctor)
    order = result.order

    for by in (doctor.user, staff("nurse"), staff("receptionist"), staff("administrator")):
        for service, values in (
            (collect_sample, {"orders": [order]}),
            (reject_sample, {"orders": [order], "reason": "Clotted"}),
            (enter_result, {"order": order, "finding": number("4")}),
            (correct_result, {"result": result, "finding": number("4"), "reason": "Typed wrongly"}),
            (verify_result, {"result": result}),
            (report_critical_value, {"result": result, "to": "Dr Rao"}),
            (release_result, {"result": result}),
        ):
            with pytest.raises(NotAllowed):
                service(**values, by=by)


def test_a_correction_is_a_further_result_and_both_are_kept(doctor, lab):
    wrong = acknowledged(doctor, "5.9")
    with pytest.raises(ReasonMissing):
        correct_result(result=wrong, finding=number("4.9"), reason="", by=lab)

    right = correct_result(result=wrong, finding=number("4.9"), reason="Samples exchanged", by=lab)

    assert (right.replaces, right.order.status, right.acknowledged_at) == (wrong, "resulted", None)
    assert list(LabResult.objects.latest().order_by("pk")) == [wrong, right]
    with pytest.raises(ResultCorrected):
        correct_result(result=wrong, finding=number("4.9"), reason="Again", by=lab)
    with pytest.raises(VerifiedByAuthor):
        verify_result(result=right, by=lab)
    release_result(result=verify_result(result=right, by=technician()), by=lab)
    assert list(LabResult.objects.latest()) == [right]
    wrong.refresh_from_db()
    assert (wrong.shown, wrong.flag) == ("5.9 mmol/L", "high")


def test_a_correction_before_the_release_is_the_one_to_release(doctor, lab):
    wrong = verified(doctor, "5.9")

    correct_result(result=wrong, finding=number("4.9"), reason="Typed wrongly", by=lab)

    with pytest.raises(ResultCorrected):
        release_result(result=wrong, by=lab)


@pytest.mark.feature("C16")
def test_only_the_last_of_several_corrections_stays_even_if_nobody_acknowledged_those_between(doctor):
    first = acknowledged(doctor, "5.9")
    second = correct_result(result=first, finding=number("5.0"), reason="Samples exchanged", by=SYSTEM)
    verify_result(result=second, by=SYSTEM)

    third = correct_result(result=second, finding=number("4.9"), reason="Typed wrongly", by=SYSTEM)
    release_result(result=verify_result(result=third, by=SYSTEM), by=SYSTEM)
    latest, before = list(LabResult.objects.latest()), list(LabResult.objects.for_patients())
    acknowledge_result(result=third, by=doctor.user)

    assert (latest, before, list(LabResult.objects.for_patients())) == ([third], [first], [third])


@pytest.mark.parametrize("step", [verified, released, acknowledged])
def test_a_verified_result_cannot_be_changed_or_deleted(step, doctor):
    result = step(doctor)
    rows = LabResult.objects.filter(pk=result.pk)
    before = rows.values().get()
    result.value = Decimal(9)

    for change in (
        lambda: rows.update(value=9),
        lambda: LabResult.objects.bulk_update([result], ["value"]),
        result.save,
        rows.delete,
        result.delete,
    ):
        with pytest.raises(SignedIsFinal), transaction.atomic():
            change()

    assert rows.values().get() == before


@pytest.mark.feature("C16")
def test_the_ordering_doctor_acknowledges_and_others_only_when_it_is_overdue(doctor):
    result = released(doctor, "5.9")
    covering, head, stranger = doctor_at_work(), doctor_at_work(), doctor_at_work()
    visit_to(covering, result.patient)
    doctor.department.head = head
    doctor.department.save()

    for colleague in (covering, head, stranger):
        with pytest.raises(NotYourResult):
            acknowledge_result(result=result, by=colleague.user)
    waited(result, hours=25)
    with pytest.raises(NotYourResult):
        acknowledge_result(result=result, by=stranger.user)
    by_head = acknowledge_result(result=result, by=head.user)
    other = waited(released(doctor, patient=result.patient, code="na", value="140"), hours=25)

    assert (by_head.acknowledged_by, by_head.note_for_patient) == (head.user, "")
    assert acknowledge_result(result=other, by=covering.user).acknowledged_by == covering.user


@pytest.mark.feature("C16")
def test_acknowledging_twice_keeps_the_first_and_needs_a_release(doctor):
    with pytest.raises(NotReleased):
        acknowledge_result(result=verified(doctor), by=doctor.user)
    for by in (technician(), staff("nurse"), staff("administrator")):
        with pytest.raises(NotAllowed):
            acknowledge_result(result=released(doctor, code="na", value="140"), by=by)
    result = released(doctor, code="cl", value="100")

    acknowledge_result(result=result, note=" Please  come in. ", by=doctor.user)
    again = acknowledge_result(result=result, note="Never mind.", by=doctor.user)

    assert again.note_for_patient == "Please come in."


def visit_to(doctor, patient):
    """Another doctor who treats the patient."""
    visit = patient_of(doctor).appointments.get()
    type(visit).objects.filter(pk=visit.pk).update(patient=patient)
