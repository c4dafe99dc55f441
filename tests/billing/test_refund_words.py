"""A refund reads the same on every page and in the letter; cancelling says before how much and from whom."""

from decimal import Decimal

import pytest

from accounts.models import Patient
from billing.models import Payment, Refund
from billing.services import fail_refund, pay_out_refund, refund_payment, take_desk_payment
from billing.statuses import GatewayCode
from hms.notifications.models import Notification
from scheduling.models import Appointment
from scheduling.services import cancel_appointment
from tests.billing.rows import booked, held, list_of, paid
from tests.factories import at, carer_of, staff
from tests.scheduling.admin_day import list_page

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B08")]

D = Decimal
NOTHING = "No money is kept for this, so there is nothing to refund."
AT_DESK = "Your refund of ₹{} is then due at the front desk: please collect it there."
ONLINE = "₹{} is then refunded the way you paid; for a card this can take five to seven working days."
STAFF_AT_DESK = (
    "₹{} was paid at the front desk: the refund is due there, and the billing office hands it out."
)
STAFF_ONLINE = "₹{} was paid online: it is refunded the way it was paid, and nobody has to act."
PROMISES = (AT_DESK, ONLINE, STAFF_AT_DESK, STAFF_ONLINE)


@pytest.fixture
def clerk():
    return staff("billing_clerk")


def scene_paid(how: str, clerk):
    scene = held() if how == "online" else booked()
    if how == "online":
        paid(scene)
    elif how == "desk":
        take_desk_payment(appointment=scene.visit, method="cash", by=clerk, idempotency_key="key-00000001")
    scene.visit.refresh_from_db()
    return scene


def give_back(payment: Payment, amount: str, by, key: str) -> Refund:
    return refund_payment(payment=payment, amount=D(amount), reason="Kindness", by=by, idempotency_key=key)


def promised(text: str, amount: str) -> list[str]:
    return [promise for promise in PROMISES if promise.format(amount) in text]


@pytest.mark.parametrize("part", ["", "100.00"])
@pytest.mark.parametrize(
    ("how", "own", "at_the_desk"),
    [("desk", AT_DESK, STAFF_AT_DESK), ("online", ONLINE, STAFF_ONLINE)],
)
def test_the_cancel_pages_name_the_amount_that_is_then_decided(client, clerk, how, own, at_the_desk, part):
    scene = scene_paid(how, clerk)
    if part:
        give_back(scene.payment, part, clerk, "key-part")
    reception = staff("receptionist")

    client.force_login(scene.carer)
    mine = client.get(f"/me/appointments/{scene.visit.reference}/cancel/").text
    client.force_login(reception)
    theirs = client.get(f"/admin/scheduling/appointment/{scene.visit.pk}/cancel/").text
    data = {"action": "cancel_selected", "_selected_action": [scene.visit.pk]}
    many = client.post(f"{list_page(Appointment)}?when=any", data).text
    cancel_appointment(appointment=scene.visit, by=reception)

    decided = Refund.objects.order_by("pk").last().amount
    assert decided == D("559.00") - D(part or 0)
    assert [promised(text, str(decided)) for text in (mine, theirs, many)] == [
        [own],
        [at_the_desk],
        [at_the_desk],
    ]


def test_cancelling_an_unpaid_visit_promises_nothing(client, clerk):
    scene = scene_paid("not", clerk)

    client.force_login(scene.carer)
    mine = client.get(f"/me/appointments/{scene.visit.reference}/cancel/").text

    assert (NOTHING in mine, promised(mine, "0.00")) == (True, [])


def test_who_may_not_see_the_bill_reads_no_amount(client, clerk):
    scene = scene_paid("desk", clerk)
    client.force_login(carer_of(scene.patient, may_pay=False))

    text = client.get(f"/me/appointments/{scene.visit.reference}/cancel/").text

    assert "What was paid is refunded in full." in text
    assert ("₹" in text, NOTHING in text) == (False, False)


def test_several_visits_add_up_by_who_returns_the_money(client, clerk):
    desk, online, unpaid = scene_paid("desk", clerk), held(at(11)), booked(at(10))
    paid(online, "key-00000002")
    client.force_login(staff("receptionist"))
    past = scene_paid("online", clerk)
    Appointment.objects.filter(pk=past.visit.pk).update(status="completed")  # stays as it is
    rows = [scene.visit.pk for scene in (desk, online, unpaid, past)]

    data = {"action": "cancel_selected", "_selected_action": rows}
    text = client.post(f"{list_page(Appointment)}?when=any", data).text

    assert promised(text, "559.00") == [STAFF_AT_DESK, STAFF_ONLINE]


def words(client, scene, clerk) -> dict[str, str]:
    """What each place says about the payment and its refund."""
    payment = scene.payment
    client.force_login(scene.carer)
    outcome = client.get(payment.get_absolute_url()).context["outcome"]
    client.force_login(clerk)
    return {
        "title": outcome.title,
        "text": outcome.texts[0],
        "state": payment.refund_state,
        "bill": scene.invoice.state.label,
        "letter": Notification.objects.order_by("pk").last().subject,
        "list": client.get(list_of("payment")).text.partition("field-refunded")[2][2:].partition("<")[0],
    }


@pytest.mark.parametrize("is_handed_out", [False, True])
def test_a_cancelled_visit_paid_at_the_desk_reads_due_until_the_money_is_handed_out(
    client, clerk, is_handed_out
):
    scene = scene_paid("desk", clerk)
    Patient.objects.filter(pk=scene.patient.pk).update(email="p@example.org")
    cancel_appointment(appointment=scene.visit, by=staff("receptionist"))
    if is_handed_out:
        pay_out_refund(refund=Refund.objects.get(), by=clerk)

    said = words(client, scene, clerk)

    assert said == {
        "title": "Your refund has been handed out"
        if is_handed_out
        else "Your refund is due at the front desk",
        "text": "You paid ₹559.00. ₹559.00 was handed out to you at the front desk."
        if is_handed_out
        else "You paid ₹559.00. Please collect your refund of ₹559.00 at the front desk.",
        "state": "Handed out" if is_handed_out else "Due at the front desk",
        "bill": "Refunded" if is_handed_out else "Refund due at the front desk",
        "letter": "Your refund is due at the front desk",
        "list": "₹559.00: Handed out" if is_handed_out else "₹559.00: Due at the front desk",
    }


def test_a_part_handed_out_and_a_part_due_are_told_apart(client, clerk):
    scene = scene_paid("desk", clerk)
    pay_out_refund(refund=give_back(scene.payment, "100.00", clerk, "key-1"), by=clerk)
    give_back(scene.payment, "59.00", clerk, "key-2")
    client.force_login(scene.carer)

    outcome = client.get(scene.payment.get_absolute_url()).context["outcome"]

    assert outcome.title == "Your refund is due at the front desk"
    assert outcome.texts[0] == (
        "You paid ₹559.00. Please collect your refund of ₹59.00 at the front desk. "
        "₹100.00 was handed out to you at the front desk."
    )
    assert (scene.payment.refund_state, scene.payment.gateway) == ("Due at the front desk", GatewayCode.DESK)


def test_a_refund_that_failed_gives_no_reason_and_no_state(client, clerk):
    scene = scene_paid("desk", clerk)
    pay_out_refund(refund=give_back(scene.payment, "100.00", clerk, "key-1"), by=clerk)
    refund_payment(
        payment=scene.payment, amount=D("1.00"), reason="A mistake", by=clerk, idempotency_key="key-2"
    )
    fail_refund(refund=Refund.objects.get(reason="A mistake"), by=clerk)
    client.force_login(scene.carer)

    outcome = client.get(scene.payment.get_absolute_url()).context["outcome"]

    assert (outcome.reason, scene.payment.refund_state) == ("Kindness", "Handed out")
