"""Bills and payments of the past, many at once, are those of one by one."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from billing.exceptions import AlreadyPaid
from billing.models import Invoice, InvoiceLine, Payment, Receipt
from billing.services import take_desk_payment
from billing.services.bulk import PastBill, PastPayment, record_bills, record_payments
from scheduling.models import Appointment
from tests.billing.rows import booked, cashier
from tests.factories import UserFactory, at, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B07")]
OWN = {
    "id",
    "reference",
    "invoice",
    "payment",
    "appointment",
    "idempotency_key",
    "patient",
    "number",
    "serial",
}


@pytest.fixture
def visits() -> list[Appointment]:
    """Booked visits as an import leaves them: without bills."""
    doctor = doctor_with_hours()
    visits = [booked(at(9 + n // 2, 30 * (n % 2)), doctor=doctor).visit.pk for n in range(4)]
    InvoiceLine.objects.all()._raw_delete("default")
    Invoice.objects.all()._raw_delete("default")
    return list(Appointment.objects.filter(pk__in=visits).for_list().order_by("pk"))


@pytest.fixture
def admin():
    return UserFactory(is_staff=True, is_superuser=True)


def columns(row) -> dict:
    names = [field.name for field in row._meta.fields if field.name not in OWN | {"frozen", "by"}]
    return {name: getattr(row, name) for name in names}


def paid(bill, moment) -> PastPayment:
    return PastPayment(bill_id=bill.pk, at=moment, method="cash", gateway="desk")


@time_machine.travel(datetime(2026, 11, 22, 11, tzinfo=UTC), tick=False)
def test_rows_are_the_same_as_those_of_the_services(visits, admin):
    one, many = visits[:2]
    take_desk_payment(appointment=one, method="cash", by=cashier(), idempotency_key="key-00000001")

    (bill,) = record_bills(bills=[PastBill(many)], by=admin)
    record_payments(payments=[paid(bill, timezone.now())], by=admin)

    lines = InvoiceLine.objects.order_by("invoice", "position")
    assert [columns(line) for line in lines[:2]] == [columns(line) for line in lines[2:]]
    first, second = (receipt.frozen for receipt in Receipt.objects.order_by("pk"))
    assert first.keys() == second.keys()
    assert (first["lines"], first["total"]) == (second["lines"], second["total"])


def test_receipts_are_numbered_by_time_within_their_financial_year(visits, admin):
    march, april = datetime(2026, 3, 30, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC)
    times = [april + timedelta(hours=1), march, april, march + timedelta(hours=1)]
    bills = record_bills(bills=[PastBill(visit) for visit in visits], by=admin)

    record_payments(payments=[paid(bill, at) for bill, at in zip(bills, times, strict=True)], by=admin)

    numbers = Payment.objects.order_by("invoice").values_list("receipt__number", flat=True)
    serials = [number[-6:] for number in numbers]
    assert serials == ["000002", "000001", "000001", "000002"]
    assert len({number for number in numbers}) == 4


def test_money_that_comes_twice_is_refused_and_nothing_written(visits, admin):
    (bill,) = record_bills(bills=[PastBill(visits[0])], by=admin)

    with pytest.raises(AlreadyPaid):
        record_payments(payments=[paid(bill, timezone.now())] * 2, by=admin)

    assert not Payment.objects.exists()
