"""Tests are ordered, collected, rejected and cancelled; who sees an order and its result."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinical.exceptions import (
    NothingOrdered,
    NotOneSample,
    NotTreating,
    ReasonMissing,
    ResultCorrected,
    ResultFixed,
    VisitNotHeld,
)
from clinical.models import LabOrder, LabPanel, LabResult
from clinical.services import (
    cancel_order,
    collect_sample,
    enter_result,
    order_tests,
    reject_sample,
    verify_result,
)
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from scheduling.services import cancel_appointment
from tests.clinical.lab_rows import (
    a_test,
    entered,
    number,
    ordered,
    released,
    technician,
)
from tests.clinical.rows import doctor_at_work, patient_of
from tests.factories import NurseFactory, carer_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C06")]


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def lab():
    return technician()


def test_a_panel_and_its_tests_are_ordered_once(doctor):
    visit = patient_of(doctor).appointments.get()
    panel = LabPanel.objects.get(code="lytes")
    wanted = {"tests": [a_test("k"), a_test("hb")], "panels": [panel], "urgency": "urgent"}

    orders = order_tests(appointment=visit, **wanted, question="  On  a diuretic ", by=doctor.user)
    again = order_tests(appointment=visit, **wanted, by=doctor.user)

    assert sorted(order.test.code for order in orders) == ["cl", "hb", "hco3", "k", "na"]
    assert [order.pk for order in again] == [order.pk for order in orders]
    potassium = LabOrder.objects.get(test__code="k")
    assert (potassium.panel, potassium.doctor, potassium.question) == (panel, doctor, "On a diuretic")
    assert potassium.due_at == potassium.recorded_at + timedelta(hours=4)
    assert LabOrder.objects.get(test__code="hb").panel is None


def test_an_order_needs_a_test_a_visit_and_a_doctor_who_treats(doctor):
    patient = patient_of(doctor)
    visit = patient.appointments.get()
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    wanted = {"appointment": visit, "tests": [a_test("hb")]}

    with pytest.raises(NothingOrdered):
        order_tests(appointment=visit, by=doctor.user)
    for by in (nurse.user, technician(), staff("receptionist"), staff("administrator"), carer_of(patient)):
        with pytest.raises(NotAllowed):
            order_tests(**wanted, by=by)
    with pytest.raises(NotTreating):
        order_tests(**wanted, by=doctor_at_work().user)
    cancel_appointment(appointment=visit, by=staff("receptionist"))
    with pytest.raises(VisitNotHeld):
        order_tests(**wanted, by=SYSTEM)
    assert LabOrder.objects.count() == 0


def test_a_test_that_is_no_longer_offered_is_not_ordered(doctor):
    test = a_test("hb")
    test.is_active = False
    test.save()

    with pytest.raises(NothingOrdered):
        ordered(doctor, "hb")


def test_one_container_gets_one_label_and_a_second_call_changes_nothing(doctor, lab):
    orders = ordered(doctor, "hb", "wbc", "k")
    blood = [order for order in orders if order.test.container == "edta"]

    first = collect_sample(orders=blood, by=lab)
    again = collect_sample(orders=blood, by=lab)
    other = collect_sample(orders=[order for order in orders if order not in blood], by=lab)

    day = f"{timezone.localdate():%y%m%d}"
    assert [order.label for order in (*first, *again, *other)] == [f"{day}-0001"] * 4 + [f"{day}-0002"]
    assert [order.status for order in first] == ["collected", "collected"]


def test_tests_of_two_containers_or_patients_do_not_share_a_label(doctor, lab):
    with pytest.raises(NotOneSample):
        collect_sample(orders=ordered(doctor, "hb", "k"), by=lab)
    with pytest.raises(NotOneSample):
        collect_sample(orders=ordered(doctor, "hb") + ordered(doctor, "hb"), by=lab)

    assert set(LabOrder.objects.values_list("status", "label")) == {("ordered", "")}


def test_a_damaged_sample_returns_to_ordered_and_gets_another_label(doctor, lab):
    result = entered(doctor, by=lab)
    with pytest.raises(ReasonMissing):
        reject_sample(orders=[result.order], reason=" ", by=lab)

    (order,) = reject_sample(orders=[result.order], reason="Haemolysed", by=lab)
    assert (order.status, order.label, order.rejection_reason) == ("ordered", "", "Haemolysed")
    (order,) = collect_sample(orders=[order], by=lab)
    assert order.label.endswith("-0002")
    better = enter_result(order=order, finding=number("4.4"), by=lab)

    result.refresh_from_db()
    assert result.status == "withdrawn"
    assert list(LabResult.objects.current()) == [better]
    with pytest.raises(ResultCorrected):
        verify_result(result=result, by=technician())


def test_a_sample_with_a_released_result_is_not_rejected(doctor, lab):
    with pytest.raises(ResultFixed):
        reject_sample(orders=[released(doctor).order], reason="Haemolysed", by=lab)


def test_an_order_is_cancelled_with_a_reason_by_the_laboratory_or_a_doctor_who_treats(doctor, lab):
    first, second = ordered(doctor, "hb", "k")
    for refusal, by, reason in (
        (ReasonMissing, lab, ""),
        (NotTreating, doctor_at_work().user, "Twice"),
        (NotAllowed, staff("receptionist"), "Twice"),
    ):
        with pytest.raises(refusal):
            cancel_order(order=first, reason=reason, by=by)

    done = [cancel_order(order=first, reason="Twice", by=doctor.user) for _time in range(2)]
    cancel_order(order=second, reason="No sample", by=lab)

    assert [order.status for order in done] == ["cancelled", "cancelled"]
    with pytest.raises(StepRefused):
        cancel_order(order=released(doctor).order, reason="Late", by=lab)
