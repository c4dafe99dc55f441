"""Each billing service checks its own right, independently of the screens."""

from decimal import Decimal

import pytest

from billing.models import BillingProfile, Invoice, Payment, TaxClass, TaxPolicy, TaxRule
from billing.services import (
    fail_payment,
    open_invoice,
    pay_out_refund,
    refund_payment,
    settle_payment,
    settle_refund,
    start_payment,
    take_desk_payment,
    void_invoice,
)
from billing.services.tariff import save_billing_profile, save_tax_class, save_tax_policy, save_tax_rule
from billing.statuses import InvoiceStatus, PaymentStatus, RefundStatus
from hms.core.refusals import NotAllowed
from tests.billing.rows import booked, held, paid, settle, staff_with, started, status_of
from tests.factories import UserFactory, carer_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon")]

TARIFF = {
    save_billing_profile: (
        "profile",
        lambda: BillingProfile.objects.get(),
        "service_charge",
        Decimal("75.00"),
    ),
    save_tax_class: ("tax_class", lambda: TaxClass.objects.first(), "name", "Another name"),
    save_tax_policy: ("policy", lambda: TaxPolicy.objects.get(code="law"), "name", "Another name"),
    save_tax_rule: ("rule", lambda: TaxRule.objects.first(), "tax_class", "another"),
}


@pytest.mark.feature("B02")
@pytest.mark.parametrize("save", TARIFF, ids=lambda save: save.__name__)
@pytest.mark.parametrize("role", ["receptionist", "billing_clerk"])
def test_the_service_refuses_callers_who_may_not_change_the_tariff(save, role):
    name, row, column, value = TARIFF[save]
    changed = row()
    was = getattr(changed, column)
    setattr(changed, column, TaxClass.objects.last() if value == "another" else value)

    with pytest.raises(NotAllowed):
        save(**{name: changed}, by=staff(role))

    assert getattr(row(), column) == was


@pytest.mark.feature("B02")
def test_the_right_to_change_the_tariff_does_not_include_adding():
    new = TaxPolicy(code="new", name="New")

    with pytest.raises(NotAllowed):
        save_tax_policy(policy=new, by=staff_with("billing.change_taxpolicy"))
    save_tax_policy(policy=new, by=staff_with("billing.add_taxpolicy"))

    assert TaxPolicy.objects.filter(code="new").count() == 1


@pytest.mark.feature("B04")
def test_a_payer_cannot_settle_their_own_payment():
    scene = booked()
    payment = started(scene)

    with pytest.raises(NotAllowed):
        settle_payment(payment=payment, gateway_reference="PB-1", by=scene.carer)
    with pytest.raises(NotAllowed):
        fail_payment(payment=payment, by=scene.carer)

    assert Payment.objects.get().status == PaymentStatus.CREATED


@pytest.mark.feature("B08")
def test_callers_who_may_not_refund_cannot_settle_or_pay_out_a_refund():
    payment = paid(booked())
    clerk = staff_with("billing.refund_payment")
    refund = refund_payment(
        payment=payment, amount=payment.amount, reason="Asked for", by=clerk, idempotency_key="key-1"
    )

    for service in (settle_refund, pay_out_refund):
        with pytest.raises(NotAllowed):
            service(refund=refund, by=staff_with("billing.take_payment"))

    refund.refresh_from_db()
    assert refund.status == RefundStatus.PENDING


@pytest.mark.feature("B01")
def test_a_stranger_cannot_open_or_withdraw_a_bill():
    scene = booked()

    for by in (UserFactory(), staff("receptionist")):
        with pytest.raises(NotAllowed):
            void_invoice(invoice=scene.invoice, by=by)
    with pytest.raises(NotAllowed):
        open_invoice(appointment=scene.visit, by=UserFactory())

    assert Invoice.objects.get().status == InvoiceStatus.DRAFT


@pytest.mark.feature("B04")
def test_a_billing_clerk_takes_the_money_for_a_held_time_which_books_it():
    """The payment books the visit: the clerk has no right to book for others."""
    scene, clerk = held(), staff("billing_clerk")

    payment = take_desk_payment(appointment=scene.visit, method="cash", by=clerk, idempotency_key="key-1")

    assert not clerk.has_perm("scheduling.book_for_others")
    assert (status_of(payment), status_of(scene)) == ("captured", "booked")


@pytest.mark.feature("B04")
def test_a_carer_who_may_pay_and_not_book_books_the_held_time_by_paying():
    scene = held()
    payer = carer_of(scene.patient, may_book=False)

    invoice = open_invoice(appointment=scene.visit, by=payer)
    payment = settle(
        start_payment(
            invoice=invoice, method="card", gateway="simulated", by=payer, idempotency_key="key-00000001"
        )
    )

    assert (payment.refunded_amount, status_of(scene)) == (0, "booked")
