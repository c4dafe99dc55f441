"""Receipts have numbers without gaps and never change."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction

from billing.models import NumberSeries, Receipt
from billing.services.numbering import RECEIPTS, financial_year, next_number
from billing.services.receipts import issue_receipt
from tests.billing.rows import held, paid
from tests.factories import at

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B07")]

D = Decimal


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 3, 31), "2526"),
        (date(2026, 4, 1), "2627"),
        (date(2026, 12, 31), "2627"),
        (date(2027, 1, 1), "2627"),
        (date(2099, 4, 1), "9900"),
    ],
)
def test_the_financial_year_begins_in_april(day, year):
    assert financial_year(day) == year


def test_numbers_follow_each_other_and_begin_again_each_year():
    days = [date(2027, 3, 30), date(2027, 3, 31), date(2027, 4, 1)]

    numbers = [str(next_number(RECEIPTS, day)) for day in days]

    assert numbers == ["RCT/2627/000001", "RCT/2627/000002", "RCT/2728/000001"]


def test_series_are_independent():
    numbers = [str(next_number(series, date(2026, 11, 22))) for series in ("RCT", "CRN", "RCT")]

    assert numbers == ["RCT/2627/000001", "CRN/2627/000001", "RCT/2627/000002"]


@pytest.mark.django_db(transaction=True)
def test_a_number_is_only_given_out_inside_a_transaction():
    with pytest.raises(RuntimeError):
        next_number(RECEIPTS)


def test_a_rolled_back_document_leaves_no_gap():
    with transaction.atomic():
        next_number(RECEIPTS, date(2026, 11, 22))
        transaction.set_rollback(True)

    assert str(next_number(RECEIPTS, date(2026, 11, 22))) == "RCT/2627/000001"


# The hospital of the tests is in Berlin, where 22:30 UTC is half past midnight on 1 April.
@time_machine.travel(datetime(2027, 3, 31, 22, 30, tzinfo=UTC), tick=False)
def test_the_financial_year_follows_the_hospitals_time_zone():
    assert paid(held(at(9))).receipt.number == "RCT/2728/000001"


def test_receipts_are_numbered_in_the_order_of_the_money():
    first, second = paid(held(at(9))), paid(held(at(9)))

    serials = [first.receipt.serial, second.receipt.serial]
    assert serials == [1, 2]
    assert NumberSeries.objects.get().last == 2


def test_a_second_call_gives_the_first_receipt():
    payment = paid(held())

    assert issue_receipt(payment=payment) == payment.receipt
    assert Receipt.objects.count() == 1


def test_the_receipt_does_not_change():
    scene = held()
    payment = paid(scene)
    before = Receipt.objects.get().frozen
    scene.patient.full_name = "Another Name"
    scene.patient.save()
    scene.doctor.full_name = "Dr Other"
    scene.doctor.save()
    scene.doctor.specialization.name = "Other"
    scene.doctor.specialization.save()

    after = Receipt.objects.get(payment=payment).frozen

    assert after == before
    assert after["patient"]["name"] != "Another Name"
    assert after["visit"]["speciality"] == "Cardiology"
    assert {name: after[name] for name in ("taxable_value", "cgst", "sgst", "igst", "total")} == {
        "taxable_value": "550.00", "cgst": "4.50", "sgst": "4.50", "igst": "0.00", "total": "559.00",
    }  # fmt: skip
    assert after["lines"][1] == {
        "description": "Service charge", "quantity": "1", "treatment": "Taxable", "rate": "18",
        "sac": "999799", "unit_price": "50.00", "discount": "0.00", "taxable_value": "50.00",
        "cgst": "4.50", "sgst": "4.50", "igst": "0.00", "total": "59.00",
    }  # fmt: skip


@pytest.mark.parametrize("number", ["RCT/2627/0000000001", "RCT 2627 1", "", "RCT/2627/€"])
def test_the_database_refuses_a_number_that_the_law_does_not_allow(number):
    receipt = paid(held()).receipt

    with pytest.raises(DatabaseError), transaction.atomic():
        Receipt.objects.filter(pk=receipt.pk).update(number=number)


def test_the_database_refuses_a_number_given_twice():
    first, second = paid(held()).receipt, paid(held()).receipt

    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.filter(pk=second.pk).update(serial=first.serial)


@pytest.mark.parametrize(
    ("before", "after", "numbers"),
    [
        ("2026-12-31T22:59:59Z", "2026-12-31T23:00:00Z", ["RCT/2627/000001", "RCT/2627/000002"]),
        ("2027-03-31T21:59:59Z", "2027-03-31T22:00:00Z", ["RCT/2627/000001", "RCT/2728/000001"]),
    ],
    ids=["new year", "new financial year"],
)
def test_numbers_change_the_year_at_the_hospitals_midnight_on_1_april_only(before, after, numbers):
    issued = []
    for moment in (before, after):
        with time_machine.travel(datetime.fromisoformat(moment), tick=False):
            issued.append(paid(held(at(9))).receipt)

    assert [receipt.number for receipt in issued] == numbers
    assert [receipt.frozen["number"] for receipt in issued] == numbers
