"""The doctors' inbox and the patient's pages of results."""

import pytest

from accounts.roles import Role
from clinical.models import LabOrder, LabResult, LabTest
from clinical.services import (
    acknowledge_result,
    collect_sample,
    correct_result,
    enter_result,
    release_result,
    verify_result,
)
from hms.core.rights import SYSTEM
from tests.clinical.lab_rows import (
    acknowledged,
    collected,
    corrected,
    number,
    ordered,
    released,
    technician,
    verified,
    waited,
)
from tests.clinical.rows import doctor_at_work, patient_of
from tests.costs import READ, READ_BY_STAFF
from tests.factories import GuardianshipFactory, PatientFactory, carer_of, staff
from tests.scheduling.pages import links, text, title

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C16")]
INBOX, OWN = "/admin/results/", "/me/records/results/"
# session, user, permissions of the groups and of the user, results, trends, the doctor of the login,
# what waits in the department, corrections
INBOX_QUERIES = 8 + READ_BY_STAFF
# session, person, people, count, results
OWN_QUERIES = 5 + READ


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def patient(doctor):
    return patient_of(doctor, full_name="Sunita Deshpande", gender="female", date_of_birth="1970-05-04")


def titles(response) -> list[str]:
    return [report.title for report in response.context["reports"]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_costs_the_same_for_one_and_for_three(count, client, doctor, django_assert_num_queries):
    client.force_login(doctor.user)
    for _number in range(count):
        released(doctor)
    client.get(INBOX)

    with django_assert_num_queries(INBOX_QUERIES):
        response = client.get(INBOX)

    assert len(response.context["reports"]) == count


def test_released_results_wait_with_the_doctor_who_ordered_critical_first(client, doctor, patient):
    released(doctor, "140", code="na", patient=patient)
    released(doctor, "7.2", code="k", patient=patient)
    verified(doctor, "100", code="cl", patient=patient)
    released(doctor_at_work(), "140", code="na")
    client.force_login(doctor.user)

    page = client.get(INBOX)

    assert titles(page) == ["Potassium", "Sodium"]
    assert "2 reports wait for you. One has a critical value." in text(page)
    assert "Critically high" in text(page)
    assert "Reports waiting: 2 1 critical" in text(client.get("/admin/"))


def test_one_sample_is_acknowledged_with_one_button_and_a_note(client, doctor, patient):
    orders = ordered(doctor, "na", "k", patient=patient)
    collect_sample(orders=orders, by=SYSTEM)
    for order, value in zip(orders, ("140", "4.0"), strict=True):
        result = verify_result(result=enter_result(order=order, finding=number(value), by=SYSTEM), by=SYSTEM)
        release_result(result=result, by=SYSTEM)
    client.force_login(doctor.user)
    references = list(LabResult.objects.values_list("reference", flat=True))

    client.post(f"{INBOX}{references[0]}/", {"result": references, "note": "All is well."})

    found = LabResult.objects.values_list("acknowledged_by", "note_for_patient")
    assert list(found) == [(doctor.user.pk, "All is well.")] * 2
    assert titles(client.get(INBOX)) == []


def test_results_of_another_doctors_order_are_not_acknowledged_through_the_page(client, doctor, patient):
    colleague = doctor_at_work()
    result = released(colleague)
    client.force_login(doctor.user)

    assert client.get(f"{INBOX}{result.reference}/").status_code == 404
    assert client.post(f"{INBOX}{result.reference}/", {"result": result.reference}).status_code == 404
    assert LabResult.objects.get().acknowledged_at is None


def test_an_overdue_result_appears_in_the_inbox_of_the_head_of_the_department(client, doctor, patient):
    head = doctor_at_work()
    doctor.department.head = head
    doctor.department.save()
    result = released(doctor, patient=patient)
    client.force_login(head.user)
    before = titles(client.get(INBOX))
    waited(result, hours=25)

    after = client.get(INBOX)
    client.post(f"{INBOX}{result.reference}/", {"result": result.reference})

    assert (before, titles(after)) == ([], ["Potassium"])
    assert "Overdue" in text(after)
    assert LabResult.objects.get().acknowledged_by == head.user


def test_the_trend_joins_convertible_units_and_keeps_others_apart(client, doctor, patient):
    glucose = LabTest.objects.get(code="fbg")
    for unit, value in (("mg/dL", "126"), ("mmol/L", "5.5")):
        order = collected(doctor, "fbg", patient=patient)
        result = enter_result(order=order, finding=number(value, unit=unit), by=SYSTEM)
        release_result(result=verify_result(result=result, by=SYSTEM), by=SYSTEM)
    client.force_login(doctor.user)
    latest = LabResult.objects.latest().order_by("-pk").first()

    page = text(client.get(f"{INBOX}{latest.reference}/"))
    glucose.unit, glucose.other_unit, glucose.other_factor = "mmol/L", "", None
    glucose.save()
    apart = text(client.get(f"{INBOX}{latest.reference}/"))

    assert "6.99, reported as 126 mg/dL" in page
    assert "126 mg/dL, not comparable: another unit" in apart


@pytest.mark.parametrize(
    "role", [Role.NURSE, Role.LAB_TECHNICIAN, Role.RECEPTIONIST, Role.BILLING_CLERK, Role.ADMINISTRATOR]
)
def test_only_doctors_have_an_inbox(role, client, doctor, patient):
    result = released(doctor, patient=patient)
    client.force_login(staff(role))

    pages = [client.get(INBOX), client.get(f"{INBOX}{result.reference}/")]

    assert [page.status_code for page in pages] == [403, 403]


@pytest.mark.feature("C06")
def test_the_patient_sees_a_result_only_after_the_acknowledgement_and_in_plain_words(client, doctor, patient):
    result = released(doctor, "5.3", patient=patient)
    client.force_login(carer_of(patient))
    before = [client.get(OWN), client.get(f"{OWN}{result.reference}/")]
    acknowledge_result(result=result, note="Eat less fruit for a week.", by=doctor.user)

    listed, page = client.get(OWN), client.get(f"{OWN}{result.reference}/")

    assert (before[0].context["reports"], before[1].status_code) == ([], 404)
    assert titles(listed) == ["Potassium"]
    assert title(page) == "Potassium"
    assert "5.3 mmol/L 3.5 to 5.1 slightly above the usual range" in text(page)
    assert "Eat less fruit for a week." in text(page)
    assert doctor.registration_number in text(page)


@pytest.mark.feature("C06")
def test_a_correction_replaces_what_the_patient_saw_when_it_is_acknowledged(client, doctor, patient):
    wrong = acknowledged(doctor, "5.9", patient=patient)
    client.force_login(carer_of(patient))
    right = correct_result(result=wrong, finding=number("4.9"), reason="Samples exchanged", by=technician())
    release_result(result=verify_result(result=right, by=SYSTEM), by=SYSTEM)
    meanwhile = text(client.get(f"{OWN}{wrong.reference}/"))
    acknowledge_result(result=right, by=doctor.user)

    after = text(client.get(f"{OWN}{right.reference}/"))

    assert "5.9 mmol/L The laboratory is correcting this result." in meanwhile
    assert "4.9 mmol/L Corrected; it was 5.9 mmol/L." in after
    assert client.get(f"{OWN}{wrong.reference}/").status_code == 404


def test_the_doctor_is_told_that_a_result_is_being_corrected(client, doctor, patient):
    result = released(doctor, "5.9", patient=patient)
    client.force_login(doctor.user)
    pages = (INBOX, f"{INBOX}{result.reference}/")
    words = "The laboratory is correcting this result."
    before = [words in text(client.get(page)) for page in pages]
    right = corrected(result, "4.9")

    meanwhile = [words in text(client.get(page)) for page in pages]
    release_result(result=verify_result(result=right, by=SYSTEM), by=SYSTEM)

    assert (before, meanwhile) == ([False, False], [True, True])
    assert [words in text(client.get(page)) for page in pages] == [False, False]


def test_people_whose_records_the_user_may_not_see_are_left_out(client, doctor, patient):
    result = acknowledged(doctor, patient=patient)
    others = [carer_of(patient, may_see_records=False), carer_of(PatientFactory()), technician()]

    for other in others:
        client.force_login(other)
        assert client.get(OWN).context["reports"] == []
        assert client.get(f"{OWN}{result.reference}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_patients_list_costs_the_same_for_one_and_for_three(
    count, client, doctor, patient, django_assert_num_queries
):
    carer = carer_of(patient)
    client.force_login(carer)
    for _number in range(count):
        one = patient_of(doctor)
        GuardianshipFactory(user=carer, patient=one, relation="child")
        acknowledged(doctor, patient=one)
    client.get("/me/")

    with django_assert_num_queries(OWN_QUERIES):
        response = client.get(OWN)

    assert len(response.context["reports"]) == count


def test_the_results_are_linked_from_the_records(client, doctor, patient):
    client.force_login(carer_of(patient))

    assert OWN in links(client.get("/me/records/"))
    assert LabOrder.objects.count() == 0
