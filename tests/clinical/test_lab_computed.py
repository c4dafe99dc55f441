"""Computed results follow their inputs: entered, changed, corrected, rejected and cancelled."""

import pytest

from clinical.exceptions import InputsNotVerified, ResultIsComputed
from clinical.lab_trends import trend_of
from clinical.models import LabOrder, LabResult, LabTest
from clinical.services import (
    Finding,
    acknowledge_result,
    cancel_order,
    collect_sample,
    correct_result,
    enter_result,
    reject_sample,
    release_result,
    take_back_correction,
    verify_result,
)
from clinical.services.lab_computing import compute_from
from hms.core.rights import SYSTEM
from tests.clinical.computing import current, enter, pass_on, person, sample
from tests.clinical.lab_rows import a_test, job, number, ordered, take, technician
from tests.clinical.rows import doctor_at_work
from tests.factories import carer_of
from tests.opened import opened
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C06")]
LIPIDS = ("chol", "hdl", "tg", "ldl", "nonhdl")


@pytest.fixture
def doctor():
    return doctor_at_work()


def test_a_computed_test_brings_its_inputs_and_is_computed_when_the_last_one_is_entered(doctor):
    orders = sample(doctor, "ldl")
    assert sorted(orders) == ["chol", "hdl", "ldl", "tg"]

    enter(orders, chol="213", hdl="48")
    assert not LabResult.objects.filter(order=orders["ldl"]).exists()
    enter(orders, tg="170")

    result = current("ldl")
    assert (result.shown, result.flag, result.order.status) == ("131 mg/dL", "high", "resulted")
    assert result.computed_from == (
        "Friedewald: Total cholesterol 213 mg/dL, HDL cholesterol 48 mg/dL, Triglycerides 170 mg/dL"
    )


def test_egfr_names_age_and_sex_and_takes_creatinine_in_either_unit(doctor):
    orders = sample(doctor, "creat", "egfr")

    enter(orders, creat="1.20")
    in_mg = current("egfr")
    enter(orders, creat="106", unit="umol/L")

    assert (in_mg.shown, in_mg.flag) == ("71 mL/min/1.73 m²", "low")
    assert in_mg.computed_from == "CKD-EPI 2021: Creatinine 1.20 mg/dL, 56 years, male"
    assert current("egfr").shown == "71 mL/min/1.73 m²"
    assert current("egfr").computed_from == "CKD-EPI 2021: Creatinine 106 µmol/L, 56 years, male"


def test_lipids_in_the_other_unit_are_computed_in_it_and_mixed_ones_in_the_first(doctor):
    orders = sample(doctor, *LIPIDS)

    enter(orders, unit="mmol/L", chol="5.5", hdl="1.24", tg="1.7")
    alike = [current(code).shown for code in ("ldl", "nonhdl")]
    enter(orders, chol="213")

    assert alike == ["3.49 mmol/L", "4.26 mmol/L"]
    assert [current(code).shown for code in ("ldl", "nonhdl")] == ["135 mg/dL", "165 mg/dL"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"date_of_birth": "2015-01-01"}, "the formula is for adults from 18 years"),
        ({"gender": "unknown"}, "the formula differs for women and men, and the sex is not known"),
    ],
)
def test_a_result_says_why_it_was_not_computed_and_passes_on_like_others(fields, why, doctor):
    orders = sample(doctor, "creat", "egfr", patient=person(doctor, **fields))

    enter(orders, creat="0.6")
    pass_on("creat", "egfr")
    pass_on("creat", "egfr", step=release_result)

    assert (current("egfr").shown, current("egfr").flag) == (f"Not computed: {why}", "no_range")


def test_high_triglycerides_and_values_that_are_not_exact_are_not_computed_from(doctor):
    orders = sample(doctor, *LIPIDS)
    enter(orders, chol="213", hdl="48", tg="401")
    high = current("ldl").shown
    enter_result(order=orders["hdl"], finding=number("10", comparator="<"), by=SYSTEM)

    assert high == "Not computed: triglycerides are above 400 mg/dL (4.5 mmol/L)"
    assert current("nonhdl").shown == "Not computed: HDL cholesterol <10 mg/dL cannot be used in the formula"
    enter(orders, hdl="48", tg="170")
    assert [current(code).shown for code in ("ldl", "nonhdl")] == ["131 mg/dL", "165 mg/dL"]


def test_nobody_enters_or_corrects_a_computed_result(doctor):
    orders, lab = sample(doctor, "creat", "egfr"), technician()
    with pytest.raises(ResultIsComputed):
        enter_result(order=orders["egfr"], finding=number("90"), by=lab)
    enter(orders, creat="1.2")
    pass_on("creat", "egfr")

    with pytest.raises(ResultIsComputed):
        correct_result(result=current("egfr"), finding=number("90"), reason="Typing error", by=lab)

    assert current("egfr").shown_value == "71"


def test_the_inputs_are_verified_first_whatever_the_order_of_the_button(client, lab, doctor):
    orders = sample(doctor, "creat", "egfr")
    enter(orders, creat="1.2")

    with pytest.raises(InputsNotVerified):
        verify_result(result=current("egfr"), by=lab)
    take(client, "verify", orders["egfr"], orders["creat"])

    assert set(LabOrder.objects.values_list("status", flat=True)) == {"verified"}


def test_a_correction_corrects_what_was_computed_and_keeps_both(doctor):
    orders = sample(doctor, "creat", "egfr")
    enter(orders, creat="1.2")
    pass_on("creat", "egfr")
    pass_on("creat", "egfr", step=release_result)
    was = current("egfr")

    correct_result(result=current("creat"), finding=number("1.09"), reason="Typed wrongly", by=SYSTEM)

    now = current("egfr")
    assert (now.replaces, now.correction_reason) == (was, "Creatinine was corrected")
    assert (now.shown_value, now.status, was.shown_value) == ("80", "entered", "71")
    assert LabOrder.objects.get(test__code="egfr").status == "resulted"


def test_a_rejected_or_cancelled_input_takes_what_is_computed_from_it_along(doctor):
    orders = sample(doctor, *LIPIDS)
    enter(orders, chol="213", hdl="48", tg="170")
    reject_sample(orders=[orders["hdl"]], reason="Clotted", by=SYSTEM)

    back = LabOrder.objects.filter(status="ordered").values_list("test__code", flat=True)
    assert set(back) == {"hdl", "ldl", "nonhdl"}
    assert set(LabResult.objects.current().values_list("order__test__code", flat=True)) == {"chol", "tg"}
    cancel_order(order=orders["hdl"], reason="Not needed", by=SYSTEM)
    gone = LabOrder.objects.filter(status="cancelled").values_list("test__code", flat=True)
    assert set(gone) == {"hdl", "ldl", "nonhdl"}


@pytest.mark.feature("C09")
def test_a_computed_result_is_as_closed_as_its_inputs(doctor):
    patient = person(doctor)
    hidden = ordered(doctor, "creat", patient=patient, confidentiality="hidden")
    orders = collect_sample(orders=[*hidden, *ordered(doctor, "egfr", patient=patient)], by=SYSTEM)

    enter({order.test.code: order for order in orders}, creat="1.2")

    assert current("egfr").confidentiality == "hidden"


def test_the_page_offers_no_box_for_it_and_says_what_is_missing(client, lab, doctor):
    orders = sample(doctor, "ldl")
    page = job(orders["ldl"])
    boxes = opened(client, page) | {f"{orders['hdl'].reference}-value": "48", "act": "enter"}

    client.post(page, boxes | {f"{orders['ldl'].reference}-value": "90"})
    answer = client.get(page)

    assert [order.test.code for order, _form in answer.context["forms"]] == ["chol", "hdl", "tg"]
    assert "Not computed yet: a result is missing of total cholesterol, triglycerides" in text(answer)
    assert LabResult.objects.get().order.test.code == "hdl"


@pytest.mark.feature("C16")
def test_the_patient_reads_the_formula_with_its_inputs(client, doctor):
    orders = sample(doctor, "creat", "egfr")
    enter(orders, creat="1.2")
    pass_on("creat", "egfr")
    pass_on("creat", "egfr", step=release_result)
    for code in ("creat", "egfr"):
        acknowledge_result(result=current(code), by=doctor.user)
    client.force_login(carer_of(orders["egfr"].patient))

    page = text(client.get(f"/me/records/results/{current('egfr').reference}/"))

    assert "71 mL/min/1.73 m² Computed, CKD-EPI 2021: Creatinine 1.20 mg/dL, 56 years, male" in page


@pytest.mark.feature("C16")
def test_computed_values_of_both_units_are_one_line(doctor):
    patient = person(doctor)
    for values in ({"chol": "213", "hdl": "48", "tg": "170"}, {"chol": "5.5", "hdl": "1.24", "tg": "1.7"}):
        orders = sample(doctor, "ldl", patient=patient)
        enter(orders, unit="mmol/L" if "." in values["chol"] else "mg/dL", **values)
        pass_on_all(orders)

    trend = trend_of(a_test("ldl"), LabResult.objects.filter(order__test__code="ldl"))

    assert [point.text for point in trend.all] == ["131", "135, reported as 3.49 mmol/L"]


def pass_on_all(orders: dict[str, LabOrder]) -> None:
    for order in sorted(orders.values(), key=lambda one: one.test.is_computed):
        result = verify_result(result=LabResult.objects.get(order=order), by=SYSTEM)
        release_result(result=result, by=SYSTEM)


def test_a_text_is_no_result_of_a_computed_test_that_a_person_could_give(doctor):
    orders = sample(doctor, "creat", "egfr")

    with pytest.raises(ResultIsComputed):
        enter_result(order=orders["egfr"], finding=Finding(text="90", computed_from="me"), by=technician())


def test_a_formula_refuses_a_number_that_is_not_possible(doctor):
    """Rows from before the limits may hold one."""
    LabTest.objects.filter(code="creat").update(highest=None)
    orders = sample(doctor, "creat", "egfr")
    enter(orders, creat="120")
    LabTest.objects.filter(code="creat").update(highest=80)

    compute_from(LabOrder.objects.get(test__code="creat"), by=SYSTEM)

    assert current("egfr").shown == "Not computed: Creatinine 120.00 mg/dL is not possible"


def test_what_is_computed_goes_back_with_the_correction(doctor):
    orders = sample(doctor, "creat", "egfr")
    enter(orders, creat="1.20")
    for step in (verify_result, release_result):
        pass_on("creat", "egfr", step=step)
    before = current("egfr")
    mistake = correct_result(result=current("creat"), finding=number("2.4"), reason="?", by=SYSTEM)
    meanwhile = current("egfr")

    take_back_correction(result=mistake, by=SYSTEM)

    assert (current("egfr"), meanwhile.replaces) == (before, before)
    assert set(LabOrder.objects.values_list("status", flat=True)) == {"released"}
