"""The laboratory's worklist, its jobs and labels; who opens them."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clinical.models import LabOrder, LabResult
from clinical.services import collect_sample, enter_result, reject_sample, verify_result
from tests.clinical.lab_rows import (
    LIST,
    acknowledged,
    collected,
    entered,
    job,
    number,
    ordered,
    shown,
    take,
    technician,
    told,
)
from tests.clinical.rows import doctor_at_work, patient_of
from tests.costs import READ_BY_STAFF
from tests.factories import staff
from tests.opened import opened
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C06")]
# session, user, permissions of the groups and of the user, counts, orders, results
QUERIES = 7 + READ_BY_STAFF


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.mark.parametrize("count", [1, 3])
def test_the_worklist_costs_the_same_for_one_and_for_three(
    count, client, lab, doctor, django_assert_num_queries
):
    for _number in range(count):
        entered(doctor)
    client.get(LIST)

    with django_assert_num_queries(QUERIES):
        response = client.get(LIST)

    assert len(response.context["rows"]) == count


def test_tests_of_one_container_are_one_job_and_the_most_urgent_comes_first(client, lab, doctor):
    ordered(doctor, "k", "hb", "wbc")
    ordered(doctor, "na", urgency="stat", question="Confused since morning")

    rows = client.get(LIST).context["rows"]

    assert [(each.title, each.first.urgency) for each, _step in rows] == [
        ("Sodium", "stat"),
        ("Haemoglobin, White cell count", "routine"),
        ("Potassium", "routine"),
    ]
    assert "Confused since morning" in text(client.get(LIST))


def test_a_sample_goes_from_the_order_to_the_release_with_one_button_each(client, lab, doctor):
    orders = ordered(doctor, "hb", "wbc")
    answer = take(client, "collect", *orders)
    assert answer.url == f"{job(orders[0])}label/"
    label = LabOrder.objects.values_list("label", flat=True).distinct().get()
    assert client.get(f"{LIST}?q={label}").url in {job(order) for order in orders}
    page = job(orders[0])
    boxes = opened(client, page)
    values = {f"{orders[0].reference}-value": "13.1", f"{orders[1].reference}-value": "<1.5"}
    assert client.post(page, boxes | values | {"act": "enter"}).url == page
    colleague = technician()
    client.force_login(colleague)
    for step in ("verify", "release"):
        assert take(client, step, *orders).url == LIST

    found = LabResult.objects.order_by("pk").values_list("comparator", "value", "verified_by", "released_by")
    assert [(sign, str(value), *people) for sign, value, *people in found] == [
        ("", "13.10000", colleague.pk, colleague.pk),
        ("<", "1.50000", colleague.pk, colleague.pk),
    ]
    assert set(LabOrder.objects.values_list("status", flat=True)) == {"released"}


def test_the_author_is_offered_to_change_and_refused_to_verify(client, lab, doctor):
    result = entered(doctor, by=lab)

    rows = client.get(LIST).context["rows"]
    take(client, "verify", result.order)

    assert [step.label for _job, step in rows] == ["Change"]
    assert told(client) == ["Potassium: Another person than the one who entered the result must verify it."]
    assert LabOrder.objects.get().status == "resulted"


def test_the_label_has_a_code_and_what_identifies_the_patient_and_nothing_clinical(client, lab, doctor):
    patient = patient_of(doctor, full_name="Sunita Deshpande")
    (order,) = ordered(doctor, "hiv", patient=patient, question="Contact of a case")
    assert client.get(f"{job(order)}label/").status_code == 404
    collect_sample(orders=[order], by=lab)
    order.refresh_from_db()

    label = client.get(f"{job(order)}label/")

    assert "Sunita Deshpande" in text(label)
    assert patient.mrn in text(label)
    assert 'src="data:image/svg+xml' in label.text
    assert "Contact of a case" not in label.text


def test_the_worklist_is_searched_by_patient_and_by_section(client, lab, doctor):
    order = collected(doctor)
    ordered(doctor, "cxr")

    by_mrn = client.get(LIST, {"q": order.patient.mrn}).context["rows"]
    imaging = client.get(LIST, {"section": "imaging"}).context["rows"]

    assert [each.first.pk for each, _step in by_mrn] == [order.pk]
    assert [(each.title, step.label) for each, step in imaging] == [("Chest X-ray", "Done, enter the report")]


def test_the_worklist_shows_what_an_order_needs_and_nothing_else_of_the_patient(client, lab, doctor):
    patient = patient_of(doctor, phone="+919845012345", email="s.deshpande@example.org")
    visit = patient.appointments.get()
    visit.symptoms = "Palpitations at night"
    visit.save()
    order = collected(doctor, patient=patient)

    pages = [client.get(f"{LIST}?status=collected"), client.get(job(order))]

    for page in pages:
        assert patient.full_name in page.text
        for private in ("Palpitations", "98450", "s.deshpande"):
            assert private not in page.text
    assert client.get(f"/admin/accounts/patient/{patient.pk}/change/").status_code == 403


@pytest.mark.parametrize("role", ["doctor", "nurse", "receptionist", "billing_clerk", "administrator"])
def test_others_cannot_open_the_laboratory(role, client, doctor):
    order = acknowledged(doctor).order
    client.force_login(staff(role))

    pages = [LIST, job(order), f"{job(order)}label/", f"{job(order)}correct/"]

    assert [client.get(page).status_code for page in pages] == [403, 403, 403, 403]
    assert take(client, "verify", order).status_code == 403


def test_a_step_of_an_order_that_does_not_exist_changes_nothing(client, lab, doctor):
    order = collected(doctor)
    reject_sample(orders=[order], reason="Clotted", by=lab)

    assert client.get(f"{LIST}step/").status_code == 405
    for data in ({"step": "collect"}, {"step": "collect", "order": ["X", order.reference]}, {"step": "x"}):
        assert client.post(f"{LIST}step/", data).status_code == 404
    assert take(client, "verify", order).status_code == 404
    assert client.post(job(order), {"act": "x"}).status_code == 404
    assert LabOrder.objects.get().status == "ordered"


def test_the_first_page_counts_what_is_to_be_done(client, lab, doctor):
    ordered(doctor, "hb")
    verify_result(result=entered(doctor), by=technician())

    page = text(client.get("/admin/"))

    assert "To collect 1 To enter 0 To verify 0 To release 1 Overdue 0" in page


def test_nobody_verifies_a_result_that_was_not_on_the_page(client, lab, doctor):
    """A colleague corrects the figure while the worklist is open."""
    colleague = technician()
    result = entered(doctor, "4.2", by=colleague)
    old = shown([result.order]) | {"step": "verify", "order": result.order.reference}
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        enter_result(order=result.order, finding=number("9.2"), by=colleague)

    client.post(f"{LIST}step/", old)
    refused = told(client)

    assert LabOrder.objects.get().status == "resulted"
    assert refused[0].startswith("Potassium: Nothing has been done.")


def test_a_button_of_the_laboratory_pressed_twice_is_harmless(client, lab, doctor):
    result = entered(doctor)
    old = shown([result.order]) | {"step": "verify", "order": result.order.reference}

    for _press in range(2):
        client.post(f"{LIST}step/", old)

    assert LabOrder.objects.get().status == "verified"
    assert set(told(client)) == {"Done: Potassium."}
