"""Who sees an order and its result, at each step; sensitive tests are open to fewer."""

import pytest

from accounts.models import User
from clinical.models import LabOrder, LabResult
from clinical.services import (
    Finding,
    acknowledge_result,
    enter_result,
    release_result,
    verify_result,
)
from hms.core.rights import SYSTEM
from tests.clinical.lab_rows import (
    acknowledged,
    collected,
    released,
    technician,
    verified,
)
from tests.clinical.rows import doctor_at_work, visit_today
from tests.factories import NurseFactory, PatientFactory, carer_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C06")]


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def lab():
    return technician()


def people_around(doctor, patient) -> dict[str, User]:
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)  # sees the records of today's patients only, and this visit is tomorrow
    return {
        "lab": technician(),
        "doctor": doctor.user,
        "nurse": nurse.user,
        "carer": carer_of(patient),
        "payer": carer_of(patient, may_see_records=False),
        "other doctor": doctor_at_work().user,
        "desk": staff("receptionist"),
        "billing": staff("billing_clerk"),
        "administrator": staff("administrator"),
        "auditor": staff("auditor"),
        "stranger": carer_of(PatientFactory()),
    }


@pytest.mark.parametrize(
    ("step", "seen_by"),
    [
        (verified, {"lab"}),
        (released, {"lab", "doctor"}),
        (acknowledged, {"lab", "doctor", "carer"}),
    ],
)
def test_who_sees_an_order_and_its_result_at_each_step(step, seen_by, doctor):
    result = step(doctor)
    people = people_around(doctor, result.patient)

    orders = {who for who, user in people.items() if LabOrder.objects.visible_to(user).exists()}
    results = {who for who, user in people.items() if LabResult.objects.visible_to(user).exists()}

    assert (orders, results) == ({"lab", "doctor", "carer"}, seen_by)


def test_a_nurse_sees_the_orders_of_todays_visits(doctor):
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    visit = visit_today(doctor)

    released(doctor, patient=visit.patient)

    assert LabOrder.objects.visible_to(nurse.user).count() == 1
    assert LabResult.objects.visible_to(nurse.user).count() == 1


@pytest.mark.feature("C09")
def test_a_sensitive_test_is_open_to_the_treating_doctor_and_the_laboratory_alone(doctor):
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    visit = visit_today(doctor)
    order = collected(doctor, "hiv", patient=visit.patient)
    result = enter_result(order=order, finding=Finding(choice="Reactive"), by=SYSTEM)
    release_result(result=verify_result(result=result, by=SYSTEM), by=SYSTEM)
    people = {"lab": technician(), "doctor": doctor.user, "nurse": nurse.user}

    orders = {who for who, user in people.items() if LabOrder.objects.visible_to(user).exists()}
    results = {who for who, user in people.items() if LabResult.objects.visible_to(user).exists()}

    assert (orders, results) == ({"lab", "doctor"}, {"lab", "doctor"})


@pytest.mark.feature("C09")
def test_a_doctor_can_hide_an_order_and_its_result_from_carers(doctor):
    order = collected(doctor, "upt", confidentiality="hidden")
    result = enter_result(order=order, finding=Finding(choice="Positive"), by=SYSTEM)
    release_result(result=verify_result(result=result, by=SYSTEM), by=SYSTEM)
    acknowledge_result(result=result, by=doctor.user)
    parent = carer_of(order.patient, relation="parent")

    assert not LabOrder.objects.visible_to(parent).exists()
    assert not LabResult.objects.visible_to(parent).exists()
    assert LabResult.objects.visible_to(carer_of(order.patient, relation="self")).exists()
