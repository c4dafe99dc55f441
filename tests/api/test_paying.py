"""Starting a payment by the API, and what cannot be paid."""

import pytest

from billing.models import Invoice, Payment
from scheduling.services import cancel_appointment
from tests.api.calls import Caller, told
from tests.api.test_transactions import give_back, one
from tests.billing.rows import booked, held, later, paid, settle, take_the_time
from tests.factories import GuardianshipFactory, PatientFactory, UserFactory, at, carer_of, staff

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("sunday_noon"),
    pytest.mark.feature("I01"),
    pytest.mark.feature("B04"),
]


@pytest.fixture
def scene():
    return held()


@pytest.fixture
def call(scene):
    return Caller(scene.carer)


def pay(call, scene, **body):
    return call.post(f"bookings/{scene.visit.reference}/transactions/", body)


def test_a_payment_starts_and_says_where_it_goes_on(scene, call):
    answer = pay(call, scene)

    payment = scene.payment
    assert answer.status_code == 201
    assert answer["Location"] == f"http://testserver/api/v1/transactions/{payment.reference}/"
    assert answer.json()["checkout"] == {
        "url": f"http://testserver/pay/simulated/{payment.reference}/",
        "expires_at": "2026-11-22T12:10:00+01:00",
    }
    shown = one(call, payment)
    assert {name: answer.json()[name] for name in shown} == shown
    assert [shown[name] for name in ("status", "method", "amount", "currency", "gateway")] == [
        "pending",
        "card",
        "559.00",
        "INR",
        "simulated",
    ]


def test_while_one_is_open_the_same_goes_on_and_another_method_is_another_attempt(scene, call):
    first, again, other = pay(call, scene), pay(call, scene), pay(call, scene, method="upi")

    assert [answer.status_code for answer in (first, again, other)] == [201, 200, 201]
    assert first.json() == again.json()
    assert other.json()["ref"] != first.json()["ref"]


def test_a_booked_visit_is_paid_online_too_without_a_time_at_which_it_ends():
    scene = booked()

    answer = pay(Caller(scene.carer), scene)

    assert (answer.status_code, answer.json()["checkout"]["expires_at"]) == (201, None)


def test_a_lost_answer_is_found_by_its_key(scene, call):
    path = f"bookings/{scene.visit.reference}/transactions/"

    answers = [call.post(path, {"method": "upi"}, Idempotency_Key="once-1") for _time in range(2)]

    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotent-Replayed"] == "true"
    assert Payment.objects.count() == 1


def paid_scene():
    scene = held()
    paid(scene)
    return scene


def cancelled_scene():
    scene = booked()
    cancel_appointment(appointment=scene.visit, by=scene.carer)
    return scene


@pytest.mark.parametrize(("make", "code"), [(paid_scene, "already_paid"), (cancelled_scene, "bill_closed")])
def test_what_cannot_be_paid_is_in_conflict(make, code):
    scene = make()

    assert told(pay(Caller(scene.carer), scene)) == (409, code)


def test_a_hold_that_ran_out_is_not_paid_and_gets_no_bill(scene, call):
    with later(11):
        answer = told(pay(Caller(scene.carer), scene))

    assert (answer, Invoice.objects.count()) == ((409, "hold_expired"), 0)


def test_a_past_visit_that_was_refunded_is_not_paid_again_online():
    scene = held()
    give_back(paid(scene), None)
    scene.visit.refresh_from_db()
    type(scene.visit).objects.filter(pk=scene.visit.pk).update(status="no_show", ended_at=at(9))

    assert told(pay(Caller(scene.carer), scene)) == (409, "bill_closed")


def test_another_total_than_was_shown_is_refused(scene, call):
    assert told(pay(call, scene, total="500.00")) == (409, "price_changed")
    assert pay(call, scene, total="559.00").status_code == 201


@pytest.mark.parametrize("body", [{"pay": "desk"}, {"pay": "tea"}, {"method": "shells"}, {"total": "x"}])
def test_what_is_no_way_of_paying_is_refused_at_its_field(scene, call, body):
    assert told(pay(call, scene, **body)) == (400, "invalid")


def test_cash_is_not_paid_online_and_nothing_where_there_is_no_gateway(scene, call, settings):
    answers = [told(pay(call, scene, method="cash"))]
    settings.ONLINE_GATEWAY = ""
    answers.append(told(pay(call, scene)))

    assert answers == [(409, "method_not_offered")] * 2
    assert not Payment.objects.exists()


def test_only_who_may_pay_pays_and_only_the_desk_takes_money(scene, call):
    reader = UserFactory()
    GuardianshipFactory(user=reader, patient=scene.patient, relation="other", may_pay=False)
    desk = Caller(staff("receptionist"))

    answers = [
        told(pay(Caller(carer_of(PatientFactory())), scene)),
        told(pay(Caller(reader), scene)),
        told(pay(call, scene, pay="desk", method="cash")),
    ]
    taken = pay(desk, scene, pay="desk", method="cash")

    assert answers == [(404, "not_found"), (403, "not_allowed"), (403, "not_allowed")]
    assert (taken.status_code, taken.json()["status"], taken.json()["checkout"]) == (201, "captured", None)
    assert call.get(f"bookings/{scene.visit.reference}/").json()["status"] == "booked"


def test_money_that_comes_after_the_time_is_gone_is_refunded(scene, call):
    pay(call, scene)
    with later(11):
        take_the_time(scene)
        settle(scene.payment)

        shown = one(Caller(scene.carer), scene.payment)

    assert (shown["status"], shown["refunded_amount"]) == ("refunding", "559.00")
    assert [refund["reason"] for refund in shown["refunds"]] == [
        "The time was no longer free when the payment arrived."
    ]
