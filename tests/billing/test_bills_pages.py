import sys
from decimal import Decimal

import pytest

from billing.models import Receipt
from billing.services import take_desk_payment
from scheduling.services import book_appointment, cancel_appointment
from tests.billing.rows import booked, cashier, held, paid, started
from tests.costs import READ
from tests.factories import GuardianshipFactory, UserFactory, at, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B07")]

D = Decimal
BILLS = "/me/bills/"
# session, user, two for rights, guardianships, count, bills, payments, receipts, refunds
QUERIES_OF_THE_LIST = 8 + READ


def receipt_of(payment) -> str:
    return f"/me/bills/{payment.reference}/receipt/"


@pytest.mark.parametrize("bills", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three_bills(client, bills, django_assert_num_queries):
    scene, doctor = booked(at(9)), doctor_with_hours()

    for hour in range(1, bills):
        visit = book_appointment(patient=scene.patient, doctor=doctor, starts_at=at(9 + hour), by=scene.carer)
        take_desk_payment(appointment=visit, method="cash", by=cashier(), idempotency_key="key-00000001")
    take_desk_payment(appointment=scene.visit, method="cash", by=cashier(), idempotency_key="key-00000001")
    client.force_login(scene.carer)
    client.get(BILLS)

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        answer = client.get(BILLS)

    assert answer.content.decode().count("₹559.00") == bills


def test_the_list_says_what_is_owed_paid_and_refunded(client):
    owed = booked(at(9))
    client.force_login(owed.carer)
    for starts_at, cancelled in ((at(9, days=2), False), (at(9, days=3), True)):
        other = held(starts_at)
        payment = paid(other)
        GuardianshipFactory(user=owed.carer, patient=other.patient, relation="child")
        if cancelled:
            cancel_appointment(appointment=other.visit, by=other.carer)
            back = payment

    text = client.get(BILLS).content.decode()

    states = [text.count(f">{word}</span>") for word in ("To pay", "Paid", "Refund on its way")]
    assert states == [1, 1, 1]
    assert "Refund of ₹559.00: On its way" in text
    assert f'href="/me/bills/{owed.invoice.reference}/pay/"' in text
    assert f'href="{receipt_of(back)}"' in text


def test_expired_holds_and_other_peoples_bills_are_not_listed(client):
    mine = held()
    started(mine)
    paid(held(at(10)))
    client.force_login(mine.carer)

    assert "There are no bills" in client.get(BILLS).content.decode()


def test_staff_see_their_own_bills_on_their_own_page(client):
    booked()
    client.force_login(cashier())

    assert "There are no bills" in client.get(BILLS).content.decode()


def test_the_receipt_shows_everything_that_was_paid(client):
    scene = held()
    payment = paid(scene)
    client.force_login(scene.carer)

    text = client.get(receipt_of(payment)).content.decode()

    for words in (
        payment.receipt.number,
        f"PB-{payment.reference}",
        "₹559.00",
        "999312",
        "999799",
        scene.patient.full_name,
        scene.patient.mrn,
        scene.doctor.full_name,
    ):
        assert words in text  # fmt: skip


def test_without_a_payment_there_is_no_receipt(client):
    scene = held()
    payment = started(scene)
    client.force_login(scene.carer)

    assert client.get(receipt_of(payment)).status_code == 404
    assert not Receipt.objects.exists()


def test_the_receipt_can_be_downloaded_as_pdf(client):
    scene = held()
    payment = paid(scene)
    client.force_login(scene.carer)

    answer = client.get(f"/me/bills/{payment.reference}/receipt.pdf")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    name = payment.receipt.number.replace("/", "-")
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.pdf"'


def test_without_the_pdf_library_the_printable_page_says_so(client, monkeypatch):
    scene = held()
    payment = paid(scene)
    client.force_login(scene.carer)
    monkeypatch.setitem(sys.modules, "weasyprint", None)

    answer = client.get(f"/me/bills/{payment.reference}/receipt.pdf", follow=True)

    text = answer.content.decode()
    assert answer.redirect_chain == [(receipt_of(payment), 302)]
    assert "This server cannot create PDF files." in text
    assert payment.receipt.number in text


def test_a_visitor_is_asked_to_log_in(client):
    payment = paid(held())

    for address in (BILLS, receipt_of(payment), f"/pay/{payment.reference}/"):
        assert client.get(address).url.split("?")[0] == "/accounts/login/"


def test_only_staff_who_may_see_receipts_find_the_receipt(client):
    payment = paid(held())
    client.force_login(cashier())
    seen = client.get(receipt_of(payment)).status_code
    client.force_login(UserFactory(is_staff=True))

    assert (seen, client.get(receipt_of(payment)).status_code) == (200, 404)
