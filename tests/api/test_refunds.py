"""Refunds by the API, also those that need a second person, and payments that are given up."""

from decimal import Decimal

import pytest

from accounts.models import ApprovalRequest
from accounts.services import approve_request
from audit.models import AuditEvent
from billing.gateways.simulated import Outcome, decide
from billing.models import Payment, Refund
from billing.services.gateway_messages import deliver
from hms.api.models import KeptAnswer
from tests.api.calls import Caller, told
from tests.billing.rows import held, later, paid, started, status_of, take_the_time
from tests.factories import PatientFactory, carer_of, staff

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("sunday_noon"),
    pytest.mark.feature("I01"),
    pytest.mark.feature("B08"),
]

D = Decimal


@pytest.fixture
def scene():
    return held()


@pytest.fixture
def payment(scene):
    return paid(scene)


@pytest.fixture
def clerk():
    return Caller(staff("billing_clerk"))


@pytest.fixture
def administrator():
    return Caller(staff("administrator"))


def refund(call, payment, **body):
    return call.post(f"transactions/{payment.reference}/refund/", body)


def refunds() -> list[tuple]:
    return list(Refund.objects.order_by("pk").values_list("amount", "reason"))


def test_without_a_body_everything_is_refunded(clerk, payment):
    path = f"/api/v1/transactions/{payment.reference}/refund/"

    answer = clerk.client.generic("POST", path, headers=clerk.headers)

    assert (answer.status_code, answer.json()["status"]) == (201, "refunding")
    assert answer.json() == clerk.get(f"transactions/{payment.reference}/").json()
    assert refunds() == [(D("559.00"), "Refunded on request.")]


def test_a_part_is_refunded_with_its_reason_and_then_the_rest(clerk, payment, scene):
    part = refund(clerk, payment, amount="100.01", reason="Waited long")
    rest = refund(clerk, payment)

    assert [answer.json()["status"] for answer in (part, rest)] == ["partly_refunded", "refunding"]
    assert refunds() == [(D("100.01"), "Waited long"), (D("458.99"), "Refunded on request.")]
    seen = Caller(scene.carer).get(f"transactions/{payment.reference}/").json()
    assert [row["amount"] for row in seen["refunds"]] == ["458.99", "100.01"]


def test_what_the_gateway_has_sent_is_refunded(clerk, payment, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        refund(clerk, payment)

    assert clerk.get(f"transactions/{payment.reference}/").json()["status"] == "refunded"


@pytest.mark.parametrize("method", ["put", "patch"])
def test_the_status_refunded_refunds_the_rest_once(administrator, payment, method):
    path = f"transactions/{payment.reference}/"

    answers = [administrator(method, path, {"status": "refunded"}) for _time in range(2)]

    assert [(answer.status_code, answer.json()["status"]) for answer in answers] == [(200, "refunding")] * 2
    assert refunds() == [(D("559.00"), "Refunded on request.")]


@pytest.mark.parametrize("body", [{}, {"status": "captured"}, {"status": "failed"}, {"amount": "1.00"}])
def test_no_other_status_can_be_set(administrator, payment, body):
    assert told(administrator.patch(f"transactions/{payment.reference}/", body)) == (400, "invalid")


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "x", None, "100000000000"])
def test_what_is_no_amount_is_refused_at_its_field(clerk, payment, amount):
    answer = refund(clerk, payment, amount=amount)

    assert (told(answer), list(answer.json()["errors"])) == ((400, "invalid"), ["amount"])


@pytest.mark.parametrize("method", ["patch", "put"])
def test_a_field_that_is_not_known_does_not_make_it_a_refund_in_full(clerk, payment, method):
    change = getattr(clerk, method)
    answers = [
        refund(clerk, payment, amuont="1.00"),
        change(f"transactions/{payment.reference}/", {"status": "refunded", "amount": "1.00"}),
    ]

    assert [told(answer) for answer in answers] == [(400, "invalid")] * 2
    assert [list(answer.json()["errors"]) for answer in answers] == [["amuont"], ["amount"]]
    assert refunds() == []


def test_more_than_is_left_and_money_that_never_came_are_not_refunded(clerk, payment, scene):
    unpaid = started(held(doctor=scene.doctor, starts_at=scene.visit.ends_at))
    answers = [told(refund(clerk, payment, amount="559.01")), told(refund(clerk, unpaid))]
    refund(clerk, payment)
    answers.append(told(refund(clerk, payment)))

    assert answers == [(409, "refund_too_large")] * 3
    assert len(refunds()) == 1


@pytest.mark.parametrize("body", [{}, {"amount": "100.00"}])
def test_one_key_is_one_refund_also_when_the_first_answer_was_never_kept(clerk, payment, body):
    path = f"transactions/{payment.reference}/refund/"

    first = clerk.post(path, body, Idempotency_Key="once-1")
    again = clerk.post(path, body, Idempotency_Key="once-1")
    KeptAnswer.objects.all().delete()
    lost = clerk.post(path, body, Idempotency_Key="once-1")

    assert first.json() == again.json() == lost.json()
    assert [answer.status_code for answer in (first, again, lost)] == [201] * 3
    assert len(refunds()) == 1


@pytest.mark.parametrize("asked", ["post", "patch"])
def test_above_the_limit_another_person_is_asked(clerk, payment, settings, asked):
    settings.REFUND_LIMIT = 100
    path = f"transactions/{payment.reference}/"

    answers = [
        refund(clerk, payment) if asked == "post" else clerk.patch(path, {"status": "refunded"})
        for _time in range(2)
    ]
    before = clerk.get(path).json()["status"]
    request = ApprovalRequest.objects.get()
    approve_request(request=request, by=staff("administrator"))

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json() == {
        "ref": request.reference,
        "status": "open",
        "summary": f"Refund ₹559.00 of payment {payment.reference}: Refunded on request.",
        "expires_at": "2026-11-29T12:00:00+01:00",
    }
    assert (before, clerk.get(path).json()["status"]) == ("captured", "refunding")


def test_only_one_refund_waits_for_a_second_person(clerk, administrator, payment, settings):
    settings.REFUND_LIMIT = 100
    refund(clerk, payment)

    assert told(refund(administrator, payment)) == (409, "already_asked")
    assert refunds() == []


def test_who_may_not_refund_is_refused_and_logged(payment, scene):
    path = f"transactions/{payment.reference}/"
    people = {
        "owner": scene.carer,
        "desk": staff("receptionist"),
        "stranger": carer_of(PatientFactory()),
        "nurse": staff("nurse"),
    }

    found = {
        name: {
            told(call.post(f"{path}refund/", {})),
            told(call.patch(path, {"status": "refunded"})),
            told(call.put(path, {"status": "refunded"})),
            told(call.delete(path)),
        }
        for name, call in ((name, Caller(person)) for name, person in people.items())
    }

    refused, hidden = {(403, "not_allowed")}, {(404, "not_found")}
    assert found == {"owner": refused, "desk": refused, "stranger": hidden, "nurse": hidden}
    logged = AuditEvent.objects.filter(outcome="refused", patient_id=scene.patient.pk)
    assert [logged.filter(actor=person).count() for person in people.values()] == [4] * 4
    assert {entry.source for entry in logged} == {"api"}
    assert refunds() == []


def void(call, payment):
    return call.delete(f"transactions/{payment.reference}/")


def test_an_administrator_gives_up_what_never_came(administrator, clerk, scene):
    payment = started(scene)

    answers = [told(void(clerk, payment)), void(administrator, payment), void(administrator, payment)]

    assert answers[0] == (403, "not_allowed")
    assert [answer.status_code for answer in answers[1:]] == [204, 204]
    assert administrator.get(f"transactions/{payment.reference}/").json()["status"] == "abandoned"
    logged = AuditEvent.objects.filter(model="billing.payment", action="update", source="api")
    assert logged.filter(object_pk=str(payment.pk)).count() == 1


def test_money_that_came_is_refunded_instead(administrator, payment):
    assert told(void(administrator, payment)) == (409, "refund_instead")
    assert status_of(payment) == "captured"


def test_money_that_comes_for_a_payment_given_up_still_books_the_time(administrator, scene):
    payment = started(scene)
    void(administrator, payment)

    deliver(decide(payment, Outcome.PAID))

    assert (status_of(payment), status_of(scene)) == ("captured", "booked")


def test_money_that_comes_for_a_payment_given_up_is_refunded_if_nothing_is_due(administrator, scene):
    payment = started(scene)
    void(administrator, payment)
    with later(11):
        take_the_time(scene)
        deliver(decide(payment, Outcome.PAID))

    payment.refresh_from_db()
    assert (payment.status, payment.refunded_amount, status_of(scene)) == ("captured", D("559.00"), "expired")


def test_after_one_is_given_up_another_pays_and_the_first_money_is_refunded(administrator, scene):
    first = started(scene)
    void(administrator, first)
    second = paid(scene, "key-00000002")

    deliver(decide(first, Outcome.PAID))

    found = {row.pk: (row.status, row.refunded_amount) for row in Payment.objects.all()}
    assert found == {first.pk: ("captured", D("559.00")), second.pk: ("captured", D("0.00"))}
