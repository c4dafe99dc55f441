"""A tube is verified and released with one button; refusals name the test, panels what is missing."""

import pytest

from clinical.models import LabOrder, LabPanel
from clinical.services import collect_sample, enter_result, order_tests, report_critical_value
from hms.core.rights import SYSTEM
from tests.clinical.lab_rows import LIST, number, ordered, released, take, technician, told
from tests.clinical.rows import doctor_at_work, patient_of
from tests.factories import carer_of
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C06")]
AUTHOR = "Another person than the one who entered the result must verify it."


@pytest.fixture
def doctor():
    return doctor_at_work()


def statuses(orders) -> list[str]:
    found = dict(LabOrder.objects.values_list("pk", "status"))
    return [found[order.pk] for order in orders]


def tube(doctor, **values) -> list[LabOrder]:
    """One tube with these tests, entered by the person named, or not entered yet."""
    orders = collect_sample(orders=ordered(doctor, *values), by=SYSTEM)
    by_code = {order.test.code: order for order in orders}
    for code, entry in values.items():
        if entry:
            value, by = entry
            enter_result(order=by_code[code], finding=number(value), by=by)
    return [by_code[code] for code in values]


def test_one_button_verifies_and_releases_a_tube(client, lab, doctor):
    orders = tube(doctor, na=("140", SYSTEM), k=("4.2", SYSTEM))
    [(_job, step)] = client.get(LIST).context["rows"]

    take(client, step.also.name, *orders)

    assert (step.label, step.also.label) == ("Verify", "Verify and release")
    assert statuses(orders) == ["released", "released"]
    assert told(client) == ["Done: Sodium, Potassium."]


def test_a_refusal_names_its_test_and_the_others_go_on(client, lab, doctor):
    orders = tube(doctor, na=("140", lab), k=("4.2", technician()), cl=("100", technician()))

    [(_job, step)] = client.get(LIST, {"status": "resulted"}).context["rows"]
    take(client, "verify_release", *orders)

    assert step.label == "Verify"  # something is left that this person may verify
    assert statuses(orders) == ["resulted", "released", "released"]
    assert sorted(told(client)) == ["Done: Potassium, Chloride.", f"Sodium: {AUTHOR}"]


def test_a_critical_value_holds_back_its_own_test_alone(client, lab, doctor):
    orders = tube(doctor, na=("140", SYSTEM), k=("7.4", SYSTEM))
    [(_job, step)] = client.get(LIST).context["rows"]
    take(client, "verify", *orders)
    take(client, "release", *orders)

    assert step.also is None
    assert statuses(orders) == ["released", "verified"]
    potassium = orders[1].results.get()
    report_critical_value(result=potassium, to="Dr Rao", by=lab)
    take(client, "release", orders[1])
    assert statuses(orders) == ["released", "released"]


def test_a_partial_release_names_the_panel_in_the_laboratory_and_for_the_doctor(client, lab, doctor):
    panel = LabPanel.objects.get(code="cbc")
    patient = patient_of(doctor)
    orders = order_tests(appointment=patient.appointments.get(), panels=[panel], by=doctor.user)
    collect_sample(orders=orders, by=SYSTEM)
    first, *others = sorted(orders, key=lambda order: order.test.position)
    enter_result(order=first, finding=number("13"), by=SYSTEM)
    first.refresh_from_db()

    take(client, "verify_release", first)
    said = told(client)
    client.force_login(doctor.user)
    report = text(client.get(f"/admin/results/{first.results.get().reference}/"))

    waiting = ", ".join(order.test.name for order in others)
    assert said == [
        "Done: Haemoglobin.",
        f"Complete blood count is not complete. Still to be released: {waiting}.",
    ]
    assert "Complete blood count: more tests of this panel are still to come." in report


def test_results_are_shown_in_the_other_usual_unit_on_request(client, doctor):
    patient = patient_of(doctor, gender="female", date_of_birth="1970-05-04")
    result = released(doctor, "1.0", code="creat", patient=patient)
    client.force_login(doctor.user)
    page = f"/admin/results/{result.reference}/"

    as_reported, converted = text(client.get(page)), text(client.get(page, {"units": "other"}))
    client.post(page, {"result": [result.reference]})
    client.force_login(carer_of(patient))
    own = text(client.get(f"/me/records/results/{result.reference}/", {"units": "other"}))

    assert "Show in µmol/L" in as_reported
    assert "reported as" not in as_reported
    assert "88.4 µmol/L" in converted
    assert "reported as 1.00 mg/dL" in converted
    assert "Show in mg/dL" in converted
    assert "Reported as 1.00 mg/dL" in own
    result.refresh_from_db()
    assert (str(result.value), result.unit) == ("1.00000", "mg/dL")


def test_a_result_without_another_unit_has_no_switch(client, doctor):
    result = released(doctor, "40", code="hct")
    client.force_login(doctor.user)

    shown = text(client.get(f"/admin/results/{result.reference}/", {"units": "other"}))

    assert "Show in" not in shown
