"""Payments by the API: what each was for, what came of it, and the list."""

from decimal import Decimal

import pytest

from audit.models import Action, AuditEvent
from billing.models import Payment, TaxClass
from billing.services import fail_refund, refund_payment, settle_payment
from billing.services.refunds import decide_refund
from billing.statuses import TransactionStatus
from hms.core.rights import SYSTEM
from tests.api.calls import Caller, told
from tests.billing.rows import cashier, held, later, paid, settle, started
from tests.factories import GuardianshipFactory, PatientFactory, UserFactory, at, carer_of, staff

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("sunday_noon"),
    pytest.mark.feature("I01"),
    pytest.mark.feature("B04"),
]

D = Decimal
SUMS = ("fee", "service_charge", "gst", "total_fee")


@pytest.fixture
def scene():
    return held()


@pytest.fixture
def call(scene):
    return Caller(scene.carer)


def one(call, payment) -> dict:
    return call.get(f"transactions/{payment.reference}/").json()


def give_back(payment, amount, key="key-00000009"):
    return refund_payment(
        payment=payment, amount=amount and D(amount), reason="Kindness", by=cashier(), idempotency_key=key
    )


def test_a_transaction_says_what_was_charged_and_what_came(scene, call):
    payment = paid(scene)
    shown = one(call, payment)

    noon = "2026-11-22T12:00:00+01:00"
    sums = {"fee": "500.00", "service_charge": "50.00", "gst": "9.00", "total_fee": "559.00"}
    about = {"booking": scene.visit.reference, "invoice": scene.invoice.reference}
    came = {"amount": "559.00", "refunded_amount": "0.00", "paid_at": noon, "receipt": payment.receipt.number}
    how = {"status": "captured", "method": "card", "gateway": "simulated", "failure_reason": ""}
    patient = {name: getattr(scene.patient, name) for name in ("mrn", "full_name")}
    assert shown == {
        "ref": payment.reference,
        "currency": "INR",
        "created_at": noon,
        "refunds": [],
        **(sums | about | came | how),
        "patient": {"ref": scene.patient.reference} | patient,
    }
    assert call.get("transactions/").json()["results"] == [shown]


@pytest.mark.parametrize(
    ("fee", "rate", "sums"),
    [
        ("500.00", "18.00", ("500.00", "50.00", "9.00", "559.00")),
        ("333.33", "18.00", ("333.33", "50.00", "9.00", "392.33")),
        ("0.05", "5.00", ("0.05", "50.00", "2.50", "52.55")),
    ],
)
def test_the_sums_are_those_of_the_bill_to_the_paisa(fee, rate, sums):
    TaxClass.objects.exclude(rate=0).update(rate=D(rate))
    scene = held()
    scene.doctor.fee = D(fee)
    scene.doctor.save()
    payment = paid(scene)

    shown = one(Caller(scene.carer), payment)

    assert tuple(shown[name] for name in SUMS) == sums
    assert sum(D(shown[name]) for name in SUMS[:3]) == D(shown["total_fee"]) == scene.invoice.total
    assert shown["amount"] == shown["total_fee"]


def test_another_amount_than_was_asked_for_is_shown_beside_the_bill(scene, call):
    payment = settle_payment(payment=started(scene), gateway_reference="PB-1", came=D("100.01"), by=SYSTEM)

    shown = one(call, payment)

    assert [shown[name] for name in ("total_fee", "amount", "refunded_amount")] == [
        "559.00",
        "100.01",
        "100.01",
    ]


def in_each_status() -> dict[str, Payment]:
    """One payment in each status."""
    scenes = {word: held(at(9, days=number)) for number, word in enumerate(TransactionStatus.values, 1)}
    rows = {word: started(scene) for word, scene in scenes.items()}
    plain = {"created", "pending", "failed", "abandoned"}
    for word, row in rows.items():
        if word in plain:
            Payment.objects.filter(pk=row.pk).update(status=word)
            continue
        settle(row)
        amount = {"captured": None, "partly_refunded": D("0.01")}.get(word, row.amount)
        if amount:
            decide_refund(row, amount, "Kindness", by=SYSTEM, key=f"key-{word}")
    rows["refunded"].refunds.update(status="processed")
    return rows


def test_each_status_is_shown_as_it_is_filtered():
    rows, call = in_each_status(), Caller(cashier())

    listed = {row["ref"]: row["status"] for row in call.get("transactions/").json()["results"]}
    found = {
        word: [row["ref"] for row in call.get(f"transactions/?status={word}").json()["results"]]
        for word in TransactionStatus.values
    }

    assert listed == {row.reference: word for word, row in rows.items()}
    assert found == {word: [row.reference] for word, row in rows.items()}
    assert call.get("transactions/?status=refunded&status=failed").json()["count"] == 2
    assert told(call.get("transactions/?status=x")) == (400, "invalid")


def test_a_refund_that_failed_does_not_count(scene, call):
    payment = paid(scene)
    refund = give_back(payment, None)
    before = one(call, payment)

    fail_refund(refund=refund, by=SYSTEM)

    after = one(call, payment)
    assert [(shown["status"], shown["refunded_amount"]) for shown in (before, after)] == [
        ("refunding", "559.00"),
        ("captured", "0.00"),
    ]
    assert [refund["status"] for refund in after["refunds"]] == ["failed"]


def test_the_list_is_filtered(scene, call):
    other = held(at(9, days=2), scene.doctor)
    GuardianshipFactory(user=scene.carer, patient=other.patient, relation="child")
    first = started(scene)
    with later(60 * 24):
        second = started(held(at(9, days=3), scene.doctor, email="c@example.org"))
    GuardianshipFactory(user=scene.carer, patient=second.invoice.patient, relation="child")

    def found(query):
        rows = call.get(f"transactions/?{query}").json()["results"]
        return {row["ref"] for row in rows}

    both = {first.reference, second.reference}
    assert found("") == both
    assert found(f"booking={scene.visit.reference}") == {first.reference}
    assert found(f"patient={second.invoice.patient.reference}") == {second.reference}
    assert (found("from=2026-11-23"), found("to=2026-11-22")) == ({second.reference}, {first.reference})


def test_transactions_of_others_do_not_exist_and_who_may_not_pay_sees_none(scene):
    payment = paid(scene)
    reader = UserFactory()
    GuardianshipFactory(user=reader, patient=scene.patient, relation="other", may_pay=False)
    people = [carer_of(PatientFactory()), reader, staff("nurse")]

    found = [told(Caller(person).get(f"transactions/{payment.reference}/")) for person in people]

    assert found == [(404, "not_found")] * 3
    assert [Caller(person).get("transactions/").json()["count"] for person in people] == [0, 0, 0]
    assert AuditEvent.objects.filter(outcome="refused", patient_id=scene.patient.pk).count() == 3


def test_a_list_is_one_line_of_the_log(scene, call):
    paid(scene)

    call.get("transactions/")

    entry = AuditEvent.objects.get(action=Action.READ, origin="GET /api/v1/transactions/")
    assert (entry.source, entry.details["shown"]["billing.payment"]) == ("api", 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_for_three(rows, scene, call, django_assert_num_queries):
    for number in range(1, rows + 1):
        each = held(at(10, days=number), scene.doctor)
        GuardianshipFactory(user=scene.carer, patient=each.patient, relation="child")
        give_back(paid(each), "1.00")

    with django_assert_num_queries(14):
        assert len(call.get("transactions/").json()["results"]) == rows
