"""Many visits billed at once are billed as one by one."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from billing.models import Invoice, InvoiceLine, NumberSeries, Payment, Receipt
from billing.services import take_desk_payment
from billing.services.bulk import MoneyIn, bill_visits
from scheduling.models import Appointment
from tests.billing.rows import booked, cashier
from tests.factories import at, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B07")]

D = Decimal
OWN = {"id", "reference", "invoice", "payment", "appointment", "idempotency_key", "patient", "number"}


def visits_without_bills(count: int) -> list[Appointment]:
    """Booked visits as an import leaves them."""
    doctor = doctor_with_hours()
    visits = [booked(at(9 + n // 2, 30 * (n % 2)), doctor=doctor).visit.pk for n in range(count)]
    InvoiceLine.objects.all()._raw_delete("default")
    Invoice.objects.all()._raw_delete("default")
    return list(Appointment.objects.filter(pk__in=visits).for_list().order_by("pk"))


def columns(row, *more: str) -> dict:
    names = [field.name for field in row._meta.fields if field.name not in OWN | set(more)]
    return {name: getattr(row, name) for name in names}


@time_machine.travel(datetime(2026, 11, 22, 11, tzinfo=UTC), tick=False)
def test_rows_are_the_same_as_those_of_the_services():
    clerk = cashier()
    one, many = visits_without_bills(2)
    take_desk_payment(appointment=one, method="cash", by=clerk, idempotency_key="key-00000001")

    bill_visits(visits=[many], paid={many.pk: MoneyIn("cash", timezone.now())}, by=clerk)

    for model in (Invoice, Payment, Receipt):
        first, second = model.objects.order_by("pk")
        assert columns(first, "frozen", "serial") == columns(second, "frozen", "serial")
    lines = InvoiceLine.objects.order_by("invoice", "position")
    assert [columns(line) for line in lines[:2]] == [columns(line) for line in lines[2:]]
    first, second = (receipt.frozen for receipt in Receipt.objects.order_by("pk"))
    assert first.keys() == second.keys()
    assert (first["lines"], first["hospital"], first["total"]) == (
        second["lines"], second["hospital"], second["total"],
    )  # fmt: skip


def test_receipts_are_numbered_by_time_within_their_financial_year():
    visits = visits_without_bills(4)
    march, april = datetime(2026, 3, 30, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC)
    times = [april + timedelta(hours=1), march, april, march + timedelta(hours=1)]
    paid = {visit.pk: MoneyIn("upi", time) for visit, time in zip(visits, times, strict=True)}

    bill_visits(visits=visits, paid=paid, by=None)

    numbers = Receipt.objects.order_by("payment__invoice__appointment_id").values_list("number", flat=True)
    assert list(numbers) == [
        "RCT/2627/000002", "RCT/2526/000001", "RCT/2627/000001", "RCT/2526/000002",
    ]  # fmt: skip
    assert set(NumberSeries.objects.values_list("financial_year", "last")) == {("2526", 2), ("2627", 2)}


def test_what_was_not_paid_is_due():
    visits = visits_without_bills(2)

    bill_visits(visits=visits, paid={}, by=None)

    assert [invoice.is_due for invoice in Invoice.objects.all()] == [True, True]
    assert not Payment.objects.exists()


@pytest.mark.parametrize("count", [1, 6])
def test_the_queries_are_the_same_for_one_and_six_visits(count, django_assert_num_queries):
    visits = visits_without_bills(count)
    paid = {visit.pk: MoneyIn("cash", timezone.now()) for visit in visits}

    with django_assert_num_queries(21):
        bill_visits(visits=visits, paid=paid, by=None)
