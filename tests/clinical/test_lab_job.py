"""The page of one job: results are entered all or none, reported, rejected, corrected."""

import pytest

from clinical.exceptions import CorrectionVerified
from clinical.models import LabOrder, LabResult
from clinical.services import (
    collect_sample,
    enter_result,
    release_result,
    take_back_correction,
    verify_result,
)
from hms.core.rights import SYSTEM
from tests.clinical.lab_rows import (
    LIST,
    collected,
    corrected,
    job,
    number,
    ordered,
    released,
    shown,
    take,
    technician,
    told,
    verified,
)
from tests.clinical.rows import doctor_at_work
from tests.costs import READ_BY_STAFF
from tests.opened import opened
from tests.scheduling.pages import links, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C06")]
# session, user, permissions of the groups and of the user, counts, orders, results
QUERIES = 7 + READ_BY_STAFF


@pytest.fixture
def doctor():
    return doctor_at_work()


def test_a_panel_with_a_wrong_value_saves_nothing_and_keeps_what_was_typed(client, lab, doctor):
    orders = ordered(doctor, "hb", "wbc")
    collect_sample(orders=orders, by=lab)
    page = job(orders[0])
    values = {f"{orders[0].reference}-value": "13.1", f"{orders[1].reference}-value": "1,5"}

    answer = client.post(page, opened(client, page) | values | {"act": "enter"})

    assert answer.status_code == 200
    assert "Enter a number such as 4.2" in text(answer)
    assert 'value="13.1"' in answer.text
    assert 'value="1,5"' in answer.text
    assert LabResult.objects.count() == 0


def test_a_text_without_an_assessment_is_refused_and_a_part_of_a_panel_is_saved(client, lab, doctor):
    orders = ordered(doctor, "wbc", "smear")
    collect_sample(orders=orders, by=lab)
    page, (wbc, film) = job(orders[0]), orders
    boxes = opened(client, page) | {f"{wbc.reference}-value": "7.0", "act": "enter"}

    refused = client.post(page, boxes | {f"{film.reference}-text": "Blasts"})
    saved = client.post(page, boxes)

    assert "State whether the result is normal, abnormal or critical." in text(refused)
    assert saved.status_code == 302
    assert LabResult.objects.get().order == wbc


def test_a_colleagues_result_is_shown_before_it_is_changed(client, lab, doctor):
    order = collected(doctor)
    boxes = opened(client, job(order))
    enter_result(order=order, finding=number("4.4"), by=technician())

    answer = client.post(job(order), boxes | {f"{order.reference}-value": "9.4", "act": "enter"})

    assert answer.status_code == 409
    assert str(LabResult.objects.get().value) == "4.40000"


def test_a_critical_value_is_reported_before_the_button_to_release_appears(client, lab, doctor):
    result = verified(doctor, "7.4")
    page = job(result.order)
    before = client.get(LIST).context["rows"][0][1]
    take(client, "release", result.order)
    refusal = told(client)

    told_to = {"act": "report", "reported_to": "Dr Rao, ward 3"}
    client.post(page, told_to | shown([result.order]))
    after = client.get(LIST).context["rows"][0][1]

    assert (before.label, after.label) == ("Report the critical value", "Release")
    assert refusal == [
        "Potassium: A critical value is reported to somebody who treats the patient before it is released."
    ]
    assert "reported to Dr Rao, ward 3" in text(client.get(page))


def test_an_emptied_box_and_an_assessment_alone_are_refused_at_the_field(client, lab, doctor):
    potassium, film = (*ordered(doctor, "k"), *ordered(doctor, "cxr"))
    for order in (potassium, film):
        collect_sample(orders=[order], by=lab)
    enter_result(order=potassium, finding=number("4.4"), by=lab)
    pages = [(job(potassium), "value", ""), (job(film), "flag", "normal")]

    answers = [
        client.post(page, opened(client, page) | {f"{page.split('/')[3]}-{name}": value, "act": "enter"})
        for page, name, value in pages
    ]

    errors = [dict(form.errors) for answer in answers for _order, form in answer.context["forms"]]
    assert errors == [
        {"value": ["A result that was entered is not emptied: enter the right one, or reject the sample."]},
        {"text": ["Enter the report or choose a file; the assessment alone is not a result."]},
    ]
    assert str(LabResult.objects.get().value) == "4.40000"


def test_saving_without_a_change_says_so(client, lab, doctor):
    order = collected(doctor)
    said = []

    for value in ("", "4.40", "4.4", "4.5"):
        answer = {f"{order.reference}-value": value, "act": "enter"}
        client.post(job(order), opened(client, job(order)) | answer)
        said += told(client)

    saved, nothing = "Saved. Another person verifies it.", "Nothing was entered or changed."
    assert said == [nothing, saved, nothing, saved]


@pytest.mark.parametrize(("value", "unit"), [("0.004", "mg/dL"), ("12000", "mg/dL"), ("4", "umol/L")])
def test_an_impossible_number_is_refused_at_the_field_with_the_limits(client, lab, doctor, value, unit):
    order = collected(doctor, "creat")
    boxes = {f"{order.reference}-value": value, f"{order.reference}-unit": unit, "act": "enter"}

    answer = client.post(job(order), opened(client, job(order)) | boxes)

    ((_order, form),) = answer.context["forms"]
    limits = {"mg/dL": "0.05 and 80 mg/dL", "umol/L": "4.42 and 7080 µmol/L"}[unit]
    words = f"Creatinine is between {limits}. Check the number and the unit."
    assert form.errors == {"value": [words]}
    assert LabResult.objects.count() == 0


def test_a_result_of_another_patients_tube_is_withdrawn_and_verified_like_a_correction(client, lab, doctor):
    result = released(doctor, "5.9")
    page = f"{job(result.order)}correct/"

    client.post(page, opened(client, page) | {"value": "", "withdraw": "on", "reason": "Wrong tube"})

    found = list(LabResult.objects.order_by("pk"))
    assert [(one.shown, one.status) for one in found] == [
        ("5.9 mmol/L", "released"),
        ("Withdrawn: Wrong tube", "entered"),
    ]
    assert client.get(job(result.order)).context["forms"] == []
    found[1] = release_result(result=verify_result(result=found[1], by=technician()), by=lab)
    assert [found[0].is_corrected, found[1].is_withdrawal] == [True, True]


def test_a_correction_entered_by_mistake_is_taken_back_until_it_is_verified(client, lab, doctor):
    result = released(doctor, "1.0", code="creat")
    order, mistake = result.order, corrected(result, "1.9")
    taken = {"act": "take_back", "result": mistake.reference}
    client.post(job(order), shown([order]) | taken)
    rows = list(LabResult.objects.order_by("pk").values_list("status", "replaces"))
    statuses = [LabOrder.objects.get().status]
    verify_result(result=corrected(result, "1.2"), by=SYSTEM)

    refused = client.post(job(order), shown([order]) | taken)

    assert rows == [("released", None), ("withdrawn", None)]
    assert statuses == ["released"]
    assert refused.status_code == 404
    with pytest.raises(CorrectionVerified):
        take_back_correction(result=LabResult.objects.current().get(), by=lab)


def test_a_sample_is_rejected_and_tests_are_cancelled_with_a_reason(client, lab, doctor):
    order = collected(doctor)

    seen = shown([order])
    client.post(job(order), seen | {"act": "reject", "reason": ""})
    assert told(client) == ["Give a reason."]
    client.post(job(order), seen | {"act": "reject", "reason": "Haemolysed"})
    page = text(client.get(LIST))
    cancel = {"act": "cancel", "reason": "Not needed", "order": order.reference}
    client.post(job(order), shown([order]) | cancel)

    assert "Sample rejected: Haemolysed" in page
    assert LabOrder.objects.values_list("status", "label", "cancellation_reason").get() == (
        "cancelled",
        "",
        "Not needed",
    )


def test_a_released_result_is_corrected_and_both_are_shown(client, lab, doctor):
    result = released(doctor, "5.9")
    page = f"{job(result.order)}correct/"
    assert page in links(client.get(job(result.order)))
    boxes = opened(client, page)

    without = client.post(page, boxes | {"value": "4.9", "reason": ""})
    answer = client.post(page, boxes | {"value": "4.9", "reason": "Samples exchanged"})

    assert "This field is required." in text(without)
    assert answer.url == job(result.order)
    assert "4.9 mmol/L" in text(client.get(job(result.order)))
    assert "5.9 mmol/L" in text(client.get(job(result.order)))
