"""Bulk bills and payments equal those of the services and obey the same rules."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from billing.exceptions import AlreadyPaid, BillClosed, RefundTooLarge
from billing.models import Invoice, InvoiceLine, NumberSeries, Payment, Receipt
from billing.services import take_desk_payment
from billing.services.bulk import PastBill, PastPayment, PastRefund, record_bills, record_payments
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from scheduling.models import Appointment
from tests.billing.rows import booked, cashier, staff_with
from tests.factories import at, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B07")]

D = Decimal
OWN = {"id", "reference", "invoice", "payment", "appointment", "idempotency_key", "patient", "number"}
NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)


def visits_without_bills(count: int) -> list[Appointment]:
    """Booked visits as created by an import."""
    doctor = doctor_with_hours()
    visits = [booked(at(9 + n // 2, 30 * (n % 2)), doctor=doctor).visit.pk for n in range(count)]
    InvoiceLine.objects.all()._raw_delete("default")
    Invoice.objects.all()._raw_delete("default")
    return list(Appointment.objects.filter(pk__in=visits).for_list().order_by("pk"))


def bills_of(visits: list[Appointment]) -> list[Invoice]:
    return record_bills(bills=[PastBill(visit) for visit in visits], by=SYSTEM)


def money(bill: Invoice, moment: datetime = NOON, **more) -> PastPayment:
    return PastPayment(bill.pk, moment, "upi", "simulated", **more)


def columns(row, *more: str) -> dict:
    names = [field.name for field in row._meta.fields if field.name not in OWN | set(more)]
    return {name: getattr(row, name) for name in names}


@time_machine.travel(NOON, tick=False)
def test_rows_equal_those_of_the_services():
    clerk = cashier()
    one, many = visits_without_bills(2)
    take_desk_payment(appointment=one, method="cash", by=clerk, idempotency_key="key-00000001")

    [bill] = bills_of([many])
    record_payments(payments=[PastPayment(bill.pk, timezone.now(), "cash", "desk", clerk)], by=clerk)

    for model, own in ((Invoice, "by"), (Payment, ""), (Receipt, "serial")):
        first, second = model.objects.order_by("pk")
        assert columns(first, "frozen", own) == columns(second, "frozen", own)
    lines = InvoiceLine.objects.order_by("invoice", "position")
    assert [columns(line) for line in lines[:2]] == [columns(line) for line in lines[2:]]
    first, second = (receipt.frozen for receipt in Receipt.objects.order_by("pk"))
    assert first.keys() == second.keys()
    assert (first["lines"], first["hospital"], first["total"]) == (
        second["lines"], second["hospital"], second["total"],
    )  # fmt: skip


def test_receipts_are_numbered_by_time_within_their_financial_year():
    bills = bills_of(visits_without_bills(4))
    march, april = datetime(2026, 3, 30, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC)
    times = [april + timedelta(hours=1), march, april, march + timedelta(hours=1)]

    record_payments(payments=map(money, bills, times), by=SYSTEM)

    numbers = Receipt.objects.order_by("payment__invoice__appointment_id").values_list("number", flat=True)
    assert list(numbers) == [
        "RCT/2627/000002", "RCT/2526/000001", "RCT/2627/000001", "RCT/2526/000002",
    ]  # fmt: skip
    assert set(NumberSeries.objects.values_list("financial_year", "last")) == {("2526", 2), ("2627", 2)}


def test_an_unpaid_bill_is_due():
    bills_of(visits_without_bills(2))

    assert [invoice.is_due for invoice in Invoice.objects.all()] == [True, True]
    assert not Payment.objects.exists()


def test_a_declined_attempt_has_no_receipt_and_leaves_the_bill_due():
    [bill] = bills_of(visits_without_bills(1))

    [payment] = record_payments(payments=[money(bill, failure_reason="Declined.")], by=SYSTEM)

    assert (payment.status, payment.captured_at, payment.closed_at) == ("failed", None, NOON)
    assert not Receipt.objects.exists()
    assert Invoice.objects.get().is_due


@pytest.mark.parametrize(("amount", "back"), [(None, D("559.00")), (D("59.00"), D("59.00"))])
def test_a_refund_is_of_the_given_amount_or_of_the_whole_payment(amount, back):
    [bill] = bills_of(visits_without_bills(1))
    refund = PastRefund(NOON, "A long wait.", amount=amount)

    [payment] = record_payments(payments=[money(bill, refund=refund)], by=SYSTEM)

    payment.refresh_from_db()
    assert payment.refunded_amount == back
    assert list(payment.refunds.values_list("amount", "status", "reason")) == [
        (back, "processed", "A long wait.")
    ]


def test_the_bill_of_a_cancelled_visit_is_void_and_refunded():
    [visit] = visits_without_bills(1)
    visit.status = "cancelled"
    visit.save()

    [bill] = bills_of([visit])

    assert bill.status == "void"
    with pytest.raises(BillClosed):
        record_payments(payments=[money(bill)], by=SYSTEM)
    record_payments(payments=[money(bill, refund=PastRefund(NOON, "Cancelled."))], by=SYSTEM)
    assert Payment.objects.get().is_refunded_in_full


@pytest.mark.parametrize("status", ["held", "expired"])
def test_a_hold_has_no_bill(status):
    [visit] = visits_without_bills(1)
    visit.status = status

    with pytest.raises(BillClosed):
        bills_of([visit])

    assert not Invoice.objects.exists()


def test_a_bill_is_paid_once():
    [bill] = bills_of(visits_without_bills(1))

    with pytest.raises(AlreadyPaid):
        record_payments(payments=[money(bill), money(bill)], by=SYSTEM)

    assert not Payment.objects.exists()


def test_a_bill_that_is_already_paid_is_not_paid_again():
    [bill] = bills_of(visits_without_bills(1))
    record_payments(payments=[money(bill)], by=SYSTEM)

    with pytest.raises(AlreadyPaid):
        record_payments(payments=[money(bill)], by=SYSTEM)

    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    "past",
    [
        {"refund": PastRefund(NOON, "Too much.", amount=D("559.01"))},
        {"refund": PastRefund(NOON, "Nothing.", amount=D("0.00"))},
        {"refund": PastRefund(NOON, "Of nothing."), "failure_reason": "Declined."},
    ],
)
def test_a_refund_does_not_exceed_the_payment(past):
    [bill] = bills_of(visits_without_bills(1))

    with pytest.raises(RefundTooLarge):
        record_payments(payments=[money(bill, **past)], by=SYSTEM)

    assert not Payment.objects.exists()


@pytest.mark.parametrize("count", [1, 6])
def test_the_queries_are_the_same_for_one_and_six_visits(count, django_assert_num_queries):
    visits = visits_without_bills(count)

    with django_assert_num_queries(24):
        record_payments(payments=map(money, bills_of(visits)), by=SYSTEM)


def test_refunds_are_recorded_by_those_who_may_refund():
    bill = bills_of(visits_without_bills(1))[0]
    refund = PastRefund(NOON, "Demonstration", amount=D("59.00"))

    with pytest.raises(NotAllowed):
        record_payments(payments=[money(bill, refund=refund)], by=staff_with("billing.take_payment"))

    assert not Payment.objects.exists()
