"""Results meet the range of the day, are entered once and verified by another person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from clinical.exceptions import (
    FlagMissing,
    ResultFixed,
    ResultImpossible,
    ResultMissing,
    ResultUnfit,
    VerifiedByAuthor,
)
from clinical.models import LabOrder, LabResult, LabTest, ReferenceRange
from clinical.services import (
    Finding,
    collect_sample,
    enter_result,
    release_result,
    verify_result,
)
from clinical.statuses import Flag
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from tests.clinical.lab_rows import (
    collected,
    corrected,
    entered,
    number,
    ordered,
    released,
    technician,
)
from tests.clinical.rows import doctor_at_work, patient_of
from tests.costs import READ_BY_STAFF
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C06")]
# session, user, permissions of the groups and of the user, counts, rows, their orders' results
LIST_QUERIES = 7 + READ_BY_STAFF


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def lab():
    return technician()


def test_a_result_keeps_the_range_that_was_valid_when_the_sample_was_collected(doctor):
    order = collected(doctor, "hb", patient=patient_of(doctor, gender="female", date_of_birth="1980-02-01"))
    today = timezone.localdate()
    ReferenceRange.objects.filter(test=order.test, sex="f").update(valid_to=today + timedelta(days=1))
    facts = {"test": order.test, "sex": "f", "age_from_days": 5478, "unit": "g/dL", "source": "New method"}
    ReferenceRange.objects.create(**facts, low=10, valid_from=today + timedelta(days=1))

    result = enter_result(order=order, finding=number("11.9"), by=SYSTEM)

    result.refresh_from_db()
    assert (result.flag, result.low, result.high) == (Flag.LOW, Decimal(12), Decimal("15.5"))
    assert result.shown == "11.9 g/dL"


@pytest.mark.parametrize(
    ("gender", "days", "flag", "gap", "low"),
    [
        ("female", 0, "normal", "", "13.5"),
        ("unknown", 0, "normal", "", "13.5"),
        ("female", 4382, "high", "", "11.5"),
        ("female", 4383, "normal", "", "12"),
        ("unknown", 5477, "normal", "", "12"),
        ("unknown", 5478, "no_range", "sex_unknown", None),
        ("male", 5478, "normal", "", "13"),
    ],
)
def test_the_range_depends_on_the_age_in_days_and_the_sex(gender, days, flag, gap, low, doctor):
    born = timezone.localdate() - timedelta(days=days)
    patient = patient_of(doctor, gender=gender, date_of_birth=born)

    result = entered(doctor, "15.6" if days == 4382 else "15.5", code="hb", patient=patient)

    found = LabResult.objects.get(pk=result.pk)
    assert (found.flag, found.range_gap, found.low) == (flag, gap, Decimal(low) if low else None)


def test_a_critical_value_is_critical_even_without_a_range(doctor):
    patient = patient_of(doctor, gender="unknown", date_of_birth="1980-02-01")

    result = entered(doctor, "6.1", code="hb", patient=patient)

    assert (result.flag, result.range_gap) == ("critical_low", "sex_unknown")


def test_a_value_in_the_other_unit_is_compared_with_the_converted_range(doctor):
    order = collected(doctor, "fbg")

    result = enter_result(order=order, finding=number("5.6", unit="mmol/L"), by=SYSTEM)

    assert (result.shown, result.shown_range, result.flag) == ("5.6 mmol/L", "3.89 to 5.5", "high")


def test_a_result_that_does_not_fit_its_test_is_refused_and_nothing_is_stored(doctor, lab):
    potassium, malaria, film = ordered(doctor, "k", "malaria", "smear")
    for order in (potassium, malaria, film):
        collect_sample(orders=[order], by=lab)
    refused = [
        (potassium, Finding(), ResultMissing),
        (potassium, Finding(text="high", flag="abnormal"), ResultMissing),
        (potassium, number("-1"), ResultUnfit),
        (potassium, number("4", unit="mg/dL"), ResultUnfit),
        (potassium, number("4", comparator="~"), ValidationError),
        (malaria, Finding(), ResultMissing),
        (malaria, Finding(choice="Perhaps"), ResultUnfit),
        (film, Finding(flag="normal"), ResultMissing),
        (film, Finding(text="Blasts"), FlagMissing),
        (film, Finding(text="Blasts", flag="high"), FlagMissing),
    ]

    for order, finding, refusal in refused:
        with pytest.raises(refusal):
            enter_result(order=order, finding=finding, by=lab)

    assert LabResult.objects.count() == 0
    assert set(LabOrder.objects.values_list("status", flat=True)) == {"collected"}


def test_choices_and_texts_are_flagged(doctor, lab):
    orders = {order.test.code: order for order in ordered(doctor, "malaria", "group", "smear")}
    for order in orders.values():
        collect_sample(orders=[order], by=lab)
    findings = {
        "malaria": Finding(choice="P. falciparum seen"),
        "group": Finding(choice="O Rh positive"),
        "smear": Finding(text="Blasts are seen.", flag="critical"),
    }

    flags = {
        code: enter_result(order=orders[code], finding=finding, by=lab).flag
        for code, finding in findings.items()
    }

    assert flags == {"malaria": "critical", "group": "no_range", "smear": "critical"}


def test_a_result_is_entered_for_a_collected_sample_and_changed_until_it_is_verified(doctor, lab):
    (order,) = ordered(doctor, "k")
    with pytest.raises(StepRefused):
        enter_result(order=order, finding=number("4.2"), by=lab)
    collect_sample(orders=[order], by=lab)
    first = enter_result(order=order, finding=number("4.2"), by=lab)
    colleague = technician()

    same = enter_result(order=order, finding=number("4.2"), by=colleague)
    changed = enter_result(order=order, finding=number("7.2"), by=colleague)

    assert (same.pk, same.recorded_by) == (first.pk, lab)
    assert (changed.pk, changed.flag, changed.recorded_by) == (first.pk, "critical_high", colleague)
    verify_result(result=changed, by=lab)
    with pytest.raises(ResultFixed):
        enter_result(order=order, finding=number("4.2"), by=colleague)


def test_another_person_verifies_and_the_database_agrees(doctor, lab):
    result = entered(doctor, by=lab)

    with pytest.raises(VerifiedByAuthor):
        verify_result(result=result, by=lab)
    with pytest.raises(IntegrityError), transaction.atomic():
        LabResult.objects.filter(pk=result.pk).update(
            status="verified", verified_by=lab, verified_at=timezone.now()
        )
    colleague = technician()
    done = [verify_result(result=result, by=colleague) for _time in range(2)]

    assert {row.verified_by for row in done} == {colleague}
    assert LabOrder.objects.get().status == "verified"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_says_what_was_corrected_or_withdrawn(count, client, doctor, django_assert_num_queries):
    client.force_login(technician())
    for _number in range(count):
        right = corrected(released(doctor, "5.9"), "4.9")
        release_result(result=verify_result(result=right, by=SYSTEM), by=SYSTEM)
    client.get("/admin/clinical/labresult/")

    with django_assert_num_queries(LIST_QUERIES):
        page = client.get("/admin/clinical/labresult/")

    assert text(page).count("corrected by a later result") == count


@pytest.mark.parametrize(
    ("limits", "value", "words"),
    [
        ({}, "42", "Potassium is between 0.5 and 20 mmol/L. Check the number and the unit."),
        ({"lowest": None}, "42", "Potassium is at most 20 mmol/L. Check the number and the unit."),
        ({"highest": None}, "0", "Potassium is at least 0.5 mmol/L. Check the number and the unit."),
    ],
)
def test_a_number_that_cannot_be_is_refused_and_the_limits_themselves_are_not(doctor, limits, value, words):
    LabTest.objects.filter(code="k").update(**limits)
    order = collected(doctor)

    with pytest.raises(ResultImpossible) as refusal:
        enter_result(order=order, finding=number(value), by=SYSTEM)
    result = enter_result(order=order, finding=number("0.5"), by=SYSTEM)
    result = enter_result(order=order, finding=number("20"), by=SYSTEM)

    assert refusal.value.messages == [words]
    assert (result.shown, result.flag) == ("20.0 mmol/L", "critical_high")
