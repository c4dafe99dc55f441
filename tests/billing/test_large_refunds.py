"""Refunds above the limit of one person: asked for, approved by another one, with all checks run again."""

from decimal import Decimal

import pytest

from accounts.exceptions import AlreadyAsked, OwnRequest, SecondPersonNeeded
from accounts.models import ApprovalRequest
from accounts.services import approve_request, decline_request
from billing.exceptions import RefundTooLarge
from billing.models import Payment, Refund
from billing.services import ask_refund, refund_payment
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.notifications.models import Notification
from scheduling.services import cancel_appointment
from tests.billing.rows import held, paid, staff_with
from tests.billing.test_admin_desk import refund_of
from tests.factories import staff
from tests.opened import send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B08")]

D = Decimal


@pytest.fixture(autouse=True)
def _limit(settings):
    settings.REFUND_LIMIT = 100


def give_back(payment: Payment, amount: str, by, key: str = "key-00000001") -> Refund:
    return refund_payment(payment=payment, amount=D(amount), reason="Kindness", by=by, idempotency_key=key)


def ask(payment: Payment, amount: str, by) -> ApprovalRequest:
    return ask_refund(payment=payment, amount=D(amount), reason="Kindness", by=by)


def refunded() -> list[tuple]:
    return list(Refund.objects.order_by("pk").values_list("amount", "by_id"))


def test_up_to_the_limit_one_person_refunds_as_before():
    payment, clerk = paid(held()), staff("billing_clerk")

    give_back(payment, "100.00", clerk)

    assert refunded() == [(D("100.00"), clerk.pk)]


@pytest.mark.parametrize("parts", [["100.01"], ["60.00", "40.01"], ["50.00", "50.00", "0.01"]])
def test_above_the_limit_of_one_payment_one_person_is_refused_also_in_parts(parts):
    payment, clerk = paid(held()), staff("billing_clerk")
    *fine, too_much = parts
    for number, part in enumerate(fine):
        give_back(payment, part, clerk, f"key-0000000{number}")

    with pytest.raises(SecondPersonNeeded):
        give_back(payment, too_much, clerk, "key-00000009")

    assert [amount for amount, _by in refunded()] == [D(part) for part in fine]


def test_a_repeated_request_for_a_refund_that_was_made_returns_it():
    payment, clerk = paid(held()), staff("billing_clerk")
    first = give_back(payment, "100.00", clerk)

    assert give_back(payment, "100.00", clerk) == first


def test_what_the_hospital_refunds_by_itself_needs_nobody():
    scene = held()
    paid(scene)

    cancel_appointment(appointment=scene.visit, by=scene.carer)

    assert [amount for amount, _by in refunded()] == [D("559.00")]


def test_the_refund_is_made_with_the_approval_of_another_person():
    payment, first, second = paid(held()), staff("billing_clerk"), staff("billing_clerk")
    request = ask(payment, "500.00", first)
    before = refunded()

    with pytest.raises(OwnRequest):
        approve_request(request=request, by=first)
    approve_request(request=request, by=second)

    assert (before, refunded()) == ([], [(D("500.00"), first.pk)])
    assert Notification.objects.filter(kind__contains="refund").count() == 1


def test_what_was_refunded_meanwhile_counts_when_it_is_approved():
    payment, first = paid(held()), staff("billing_clerk")
    request = ask(payment, "500.00", first)
    give_back(payment, "60.00", first)

    with pytest.raises(RefundTooLarge):
        approve_request(request=request, by=staff("administrator"))

    request.refresh_from_db()
    assert (request.status, [amount for amount, _by in refunded()]) == ("open", [D("60.00")])


def test_nothing_is_refunded_when_it_is_declined():
    payment = paid(held())

    decline_request(
        request=ask(payment, "500.00", staff("billing_clerk")), note="No", by=staff("administrator")
    )

    assert refunded() == []


@pytest.mark.parametrize("amount", ["559.01", "0.00", "-1.00"])
def test_an_impossible_amount_is_not_asked_for(amount):
    with pytest.raises(RefundTooLarge):
        ask(paid(held()), amount, staff("billing_clerk"))

    assert not ApprovalRequest.objects.exists()


def test_one_request_waits_for_one_payment_and_only_those_who_refund_ask():
    payment = paid(held())
    ask(payment, "500.00", staff("billing_clerk"))

    with pytest.raises(AlreadyAsked):
        ask(payment, "559.00", staff("billing_clerk"))
    with pytest.raises(NotAllowed):
        ask(payment, "559.00", staff("receptionist"))

    assert ApprovalRequest.objects.count() == 1


def test_the_system_refunds_without_a_limit():
    payment = paid(held())

    give_back(payment, "559.00", SYSTEM)

    assert [amount for amount, _by in refunded()] == [D("559.00")]


def test_the_page_asks_another_person_and_that_person_finds_it_on_the_index(client):
    payment, first, second = paid(held()), staff("billing_clerk"), staff("billing_clerk")
    client.force_login(first)
    for _twice in range(2):
        said = send(
            client, refund_of(payment), {"amount": "500.00", "reason": "Kindness", "key": "key-00000001"}
        )
    told = client.get(said.url).text
    own_index = client.get("/admin/").text
    client.force_login(second)

    index = client.get("/admin/").text
    request = ApprovalRequest.objects.get()
    page = f"/admin/accounts/approvalrequest/{request.pk}/decide/"
    shown = client.get(page).text
    send(client, page, {"decision": "approved", "note": ""})

    assert "Nothing is refunded yet." in told
    assert ["1 request waits for a second person" in text for text in (own_index, index)] == [False, True]
    assert f"Refund ₹500.00 of payment {payment.reference}: Kindness" in shown
    assert refunded() == [(D("500.00"), first.pk)]


def test_people_without_the_right_to_refund_do_not_see_the_request(client):
    request = ask(paid(held()), "500.00", staff("billing_clerk"))
    page = f"/admin/accounts/approvalrequest/{request.pk}/"

    found = {}
    for name, person in {
        "auditor": staff("auditor"),
        "receptionist": staff("receptionist"),
        "viewer": staff_with("accounts.view_approvalrequest"),
    }.items():
        client.force_login(person)
        answers = [client.get(f"{page}{part}").status_code for part in ("change/", "decide/", "history/")]
        found[name] = answers

    assert found == {"auditor": [302] * 3, "receptionist": [403, 302, 302], "viewer": [302] * 3}
    assert Refund.objects.count() == 0
