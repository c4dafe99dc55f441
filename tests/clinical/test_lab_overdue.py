"""Overdue results: who may read and acknowledge them, and what the head learns of sensitive ones."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Patient
from clinical.exceptions import NotYourResult
from clinical.models import LabResult
from clinical.services import (
    Finding,
    acknowledge_result,
    enter_result,
    release_result,
    verify_result,
    waiting_below,
)
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from scheduling.models import ScheduleException
from tests.clinical.lab_rows import collected, released, technician, waited
from tests.clinical.rows import doctor_at_work, patient_of, visit_today
from tests.factories import staff
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C16"), pytest.mark.feature("C09")]
INBOX = "/admin/results/"


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def head(doctor):
    doctor.department.head = doctor_at_work()
    doctor.department.save()
    return doctor.department.head


def hiv(doctor, **fields) -> LabResult:
    order = collected(doctor, "hiv", **fields)
    result = enter_result(order=order, finding=Finding(choice="Reactive"), by=SYSTEM)
    return release_result(result=verify_result(result=result, by=SYSTEM), by=SYSTEM)


def on_leave(doctor, covered_by) -> ScheduleException:
    now = timezone.now()
    return ScheduleException.objects.create(
        doctor=doctor, kind="leave", covered_by=covered_by, starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=3),
    )  # fmt: skip


def readable(user) -> list[LabResult]:
    return list(LabResult.objects.visible_to(user))


def in_inbox(client, user) -> list[LabResult]:
    client.force_login(user)
    return [line.result for report in client.get(INBOX).context["reports"] for line in report.lines]


def test_the_head_learns_that_a_sensitive_result_waits_and_nothing_else(client, doctor, head):
    result = hiv(doctor, patient=patient_of(doctor, full_name="Sunita Deshpande"))
    before = waiting_below(by=head.user)
    late = waited(result, hours=25)

    found = waiting_below(by=head.user)
    client.force_login(head.user)
    page, index = client.get(INBOX), client.get("/admin/")

    assert before == []
    assert [(one.doctor, one.count, one.since, one.covered_by) for one in found] == [
        (doctor, 1, late.released_at, None)
    ]
    assert "Sensitive results that are overdue in your department" in text(page)
    assert "One sensitive result is overdue with another doctor of your department" in text(index)
    for answer in (page, index):
        for word in ("Deshpande", result.patient.mrn, "HIV", "Reactive", result.reference):
            assert word not in text(answer)
    assert readable(head.user) == []
    assert client.get(f"{INBOX}{result.reference}/").status_code == 404
    with pytest.raises(NotYourResult):
        acknowledge_result(result=late, by=head.user)


def test_the_line_counts_confidential_patients_too_and_leaves_out_what_the_head_reads(doctor, head):
    patient = patient_of(doctor)
    waited(released(doctor, code="na", value="140"), hours=25)
    waited(released(doctor, patient=patient), hours=25)
    Patient.objects.filter(pk=patient.pk).update(is_confidential=True)
    other = doctor_at_work()
    other.department = doctor.department
    other.save()
    waited(hiv(other), hours=30)
    waited(hiv(doctor_at_work()), hours=30)

    assert [(one.doctor, one.count) for one in waiting_below(by=head.user)] == [(other, 1), (doctor, 1)]
    assert [result.order.test.code for result in readable(head.user)] == ["na"]


def test_a_doctor_who_heads_nothing_and_others_learn_nothing(doctor, head):
    waited(hiv(doctor), hours=25)

    assert waiting_below(by=doctor.user) == waiting_below(by=doctor_at_work().user) == []
    for by in (technician(), staff("nurse"), staff("administrator")):
        with pytest.raises(NotAllowed):
            waiting_below(by=by)


def test_the_covering_doctor_reads_a_sensitive_result_once_it_is_overdue_and_during_the_leave(
    client, doctor, head
):
    result, covering = hiv(doctor), doctor_at_work()
    leave = on_leave(doctor, covering)
    before = readable(covering.user)
    with pytest.raises(NotYourResult):
        acknowledge_result(result=result, by=covering.user)
    waited(result, hours=25)

    assert (before, in_inbox(client, covering.user)) == ([], [result])
    assert [one.covered_by for one in waiting_below(by=head.user)] == [covering]
    client.post(f"{INBOX}{result.reference}/", {"result": result.reference})
    result.refresh_from_db()
    assert result.acknowledged_by == covering.user
    assert readable(covering.user) == [result]
    ScheduleException.objects.filter(pk=leave.pk).update(ends_at=timezone.now())
    assert readable(covering.user) == []


def test_the_covering_doctor_acknowledges_other_results_at_once(client, doctor):
    covering = doctor_at_work()
    result = released(doctor, "7.2")
    before = in_inbox(client, covering.user)
    on_leave(doctor, covering)

    assert (before, in_inbox(client, covering.user)) == ([], [result])
    assert acknowledge_result(result=result, by=covering.user).acknowledged_by == covering.user


def test_a_colleague_who_treats_the_patient_does_not_acknowledge_a_sensitive_result(doctor):
    result, colleague = waited(hiv(doctor), hours=25), doctor_at_work()
    visit_today(colleague, result.patient)

    with pytest.raises(NotYourResult):
        acknowledge_result(result=result, by=colleague.user)


def test_the_doctor_who_ordered_is_told_on_the_first_page(client, doctor):
    waited(hiv(doctor), hours=25)
    client.force_login(doctor.user)

    assert "Reports waiting: 1 1 overdue" in text(client.get("/admin/"))
