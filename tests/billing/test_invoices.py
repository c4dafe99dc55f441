"""The bill of a visit: opened once, frozen, withdrawn when the visit is cancelled."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from billing.exceptions import BillClosed, PaidLess
from billing.models import BillingProfile, Invoice, InvoiceLine
from billing.services import open_invoice, void_invoice
from billing.services.invoices import price_of
from billing.statuses import InvoiceStatus
from hms.core.rights import SYSTEM
from scheduling.services import cancel_appointment, reschedule_appointment
from tests.billing.rows import booked, held, paid
from tests.factories import at, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B01")]

D = Decimal


def test_a_bill_has_the_prices_of_the_moment_it_was_opened():
    scene = held()

    invoice = open_invoice(appointment=scene.visit, by=scene.carer)

    lines = list(
        invoice.lines.values_list("kind", "taxable_value", "rate", "sac", "cgst", "sgst", "igst", "total")
    )
    zero = D("0.00")
    assert lines == [
        ("consultation", D("500.00"), zero, "999312", zero, zero, zero, D("500.00")),
        ("service_charge", D("50.00"), D("18.00"), "999799", D("4.50"), D("4.50"), zero, D("59.00")),
    ]
    assert (invoice.total, invoice.status, invoice.number) == (D("559.00"), InvoiceStatus.DRAFT, None)
    assert invoice.patient == scene.patient


def test_opening_twice_gives_one_bill():
    scene = held()

    bills = {open_invoice(appointment=scene.visit, by=scene.carer).pk for _n in range(2)}

    assert set(Invoice.objects.values_list("pk", flat=True)) == bills
    assert InvoiceLine.objects.count() == 2


def test_a_fee_changed_later_does_not_change_the_bill():
    scene = held()
    invoice = open_invoice(appointment=scene.visit, by=scene.carer)
    scene.doctor.fee = D("900.00")
    scene.doctor.save()
    BillingProfile.objects.update(service_charge=D("75.00"))

    again = open_invoice(appointment=scene.visit, by=scene.carer)

    assert (again, again.total) == (invoice, D("559.00"))
    assert price_of(scene.visit).total == D("559.00")


def test_quoting_the_price_writes_nothing():
    scene = held()

    assert price_of(scene.visit).total == D("559.00")
    assert not Invoice.objects.exists()


def test_every_way_of_booking_opens_the_bill():
    scene = booked()

    assert (scene.invoice.total, scene.invoice.by) == (D("559.00"), scene.carer)


def test_cancelling_withdraws_an_unpaid_bill():
    scene = booked()

    cancel_appointment(appointment=scene.visit, by=scene.carer)

    assert scene.invoice.status == InvoiceStatus.VOID


def test_a_bill_of_a_cancelled_visit_is_not_opened_again():
    scene = booked()
    cancel_appointment(appointment=scene.visit, by=scene.carer)

    with pytest.raises(BillClosed):
        open_invoice(appointment=scene.visit, by=scene.carer)


def test_a_paid_bill_is_not_withdrawn():
    scene = held()
    paid(scene)

    with pytest.raises(BillClosed):
        void_invoice(invoice=scene.invoice, by=SYSTEM)

    assert scene.invoice.status == InvoiceStatus.DRAFT


def test_a_visit_moved_to_another_time_keeps_its_price():
    scene = booked()
    scene.doctor.fee = D("900.00")
    scene.doctor.save()

    reschedule_appointment(appointment=scene.visit, starts_at=at(10), by=scene.carer)

    assert scene.invoice.total == D("559.00")


def test_an_unpaid_visit_moved_to_another_doctor_is_priced_again():
    scene = booked()
    dearer = doctor_with_hours(fee=D("900.00"))

    reschedule_appointment(appointment=scene.visit, starts_at=at(10), doctor=dearer, by=scene.carer)

    bills = Invoice.objects.filter(appointment=scene.visit).order_by("pk")
    assert list(bills.values_list("status", "total")) == [
        (InvoiceStatus.VOID, D("559.00")),
        (InvoiceStatus.DRAFT, D("959.00")),
    ]


def test_a_visit_moved_to_a_doctor_whose_name_is_a_prefix_is_priced_again():
    scene = booked()
    shorter = scene.visit.doctor.full_name[:-1]
    dearer = doctor_with_hours(fee=D("900.00"), full_name=shorter)

    reschedule_appointment(appointment=scene.visit, starts_at=at(10), doctor=dearer, by=scene.carer)

    assert Invoice.objects.get(appointment=scene.visit, status=InvoiceStatus.DRAFT).total == D("959.00")


@pytest.mark.parametrize(("fee", "is_desk"), [("900.00", True), ("500.00", False), ("100.00", False)])
def test_a_paid_visit_moved_to_another_doctor_keeps_its_price(fee, is_desk):
    scene = held()
    paid(scene)
    other = doctor_with_hours(fee=D(fee))

    by = SYSTEM if is_desk else scene.carer
    reschedule_appointment(appointment=scene.visit, starts_at=at(10), doctor=other, by=by)

    assert (scene.invoice.total, scene.invoice.is_paid) == (D("559.00"), True)


@pytest.mark.feature("S11")
def test_patients_cannot_move_a_paid_visit_to_a_doctor_who_costs_more():
    scene = held()
    paid(scene)
    dearer = doctor_with_hours(fee=D("500.01"))

    with pytest.raises(PaidLess) as refused:
        reschedule_appointment(appointment=scene.visit, starts_at=at(10), doctor=dearer, by=scene.carer)

    scene.visit.refresh_from_db()
    assert (
        "The price of this paid appointment is ₹559.00, and a visit to this doctor costs ₹559.01."
        in refused.value.messages[0]
    )
    assert scene.visit.doctor == scene.doctor


def test_neither_bill_nor_visit_can_be_deleted():
    scene = booked()

    with pytest.raises(ProtectedError):
        scene.visit.delete()
    with pytest.raises(ProtectedError):
        scene.invoice.delete()


@pytest.mark.parametrize(
    "wrong", [{"cgst": D("4.51")}, {"igst": D("9.00")}, {"total": None}, {"treatment": "exempt"}]
)
def test_the_database_refuses_a_line_that_contradicts_itself(wrong):
    taxed = booked().invoice.lines.get(kind="service_charge")

    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        InvoiceLine.objects.filter(pk=taxed.pk).update(**wrong)


def test_the_database_refuses_an_issued_bill_without_a_number():
    invoice = booked().invoice

    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(status=InvoiceStatus.ISSUED)
