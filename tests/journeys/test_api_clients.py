"""From registration to refund by programs of others: plain HTTP, and a client made from the description."""

import importlib
import subprocess
import sys

import pytest
import requests
from allauth.account.models import EmailAddress

from accounts.models import User
from hms.api.docs import SCHEMA
from tests.api.test_users import ASHA
from tests.factories import staff
from tests.factories.people import PASSWORD
from tests.journeys.payer import Payer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.feature("I01"),
    pytest.mark.feature("I02"),
]
ME = {"email": "asha@example.org", "password": ASHA["password"]}


@pytest.fixture
def clerk() -> User:
    user = staff("billing_clerk")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


class Program:
    """Calls the API as its documents say, with nothing but HTTP."""

    def __init__(self, site: str):
        self.base, self.headers = f"{site}/api/v1/", {}

    def __call__(self, method: str, path: str, body=None, **headers) -> dict:
        answer = requests.request(
            method, self.base + path, json=body, headers=self.headers | headers, timeout=30
        )
        assert answer.ok, answer.text
        return answer.json()

    def logs_in(self, email: str, password: str) -> None:
        given = self("POST", "auth/token/", {"email": email, "password": password})
        self.headers = {"Authorization": f"Bearer {given['access']}"}


def test_a_plain_client_goes_from_registration_to_refund(live_server, mailoutbox, doctor, clerk):
    call, payer, office = Program(live_server.url), Payer(live_server.url), Program(live_server.url)

    call("POST", "users/", ASHA)
    payer.confirms_the_address(mailoutbox[0])
    call.logs_in(**ME)
    (found,) = call("GET", "doctors/?q=asha")["results"]
    days = call("GET", f"doctors/{found['ref']}/slots/?days=3")["days"]
    slot = days[-1]["slots"][0]
    wanted = {"doctor": found["ref"], "starts_at": slot["starts_at"], "pay": "online"}
    booking = call("POST", "bookings/", wanted, **{"Idempotency-Key": "one"})
    begun = call("POST", f"bookings/{booking['ref']}/transactions/", {})
    payer.pays(begun["checkout"]["url"], **ME)
    paid = call("GET", f"transactions/{begun['ref']}/")
    office.logs_in(clerk.email, PASSWORD)
    office("POST", f"transactions/{begun['ref']}/refund/", {"reason": "The doctor is ill"})
    (seen,) = call("GET", f"transactions/?booking={booking['ref']}")["results"]

    assert [one["status"] for one in (booking, begun, paid, seen)] == [
        "held",
        "pending",
        "captured",
        "refunded",
    ]
    assert call("GET", f"bookings/{booking['ref']}/")["status"] == "booked"
    assert (paid["amount"], seen["refunded_amount"]) == ("559.00", "559.00")
    assert [refund["reason"] for refund in seen["refunds"]] == ["The doctor is ill"]


@pytest.fixture
def generated(tmp_path, monkeypatch):
    """A function that gives a module of the client that openapi-python-client makes."""
    (tmp_path / "options.yml").write_text("package_name_override: hospital_client\npost_hooks: []\n")
    made = subprocess.run(  # noqa: S603 - our own arguments
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--path", str(SCHEMA)),
            *("--output-path", str(tmp_path / "hospital_client"), "--meta", "none"),
            *("--config", str(tmp_path / "options.yml"), "--fail-on-warning"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    monkeypatch.syspath_prepend(tmp_path)
    yield lambda name: importlib.import_module(f"hospital_client.{name}")
    for name in [name for name in sys.modules if name.split(".")[0] == "hospital_client"]:
        del sys.modules[name]


class Made:
    """Operations and bodies of the generated client, which fails where an answer is not as described."""

    def __init__(self, part, site: str):
        self.part, self.site = part, site
        self.client = part("client").Client(base_url=site, raise_on_unexpected_status=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.client.get_httpx_client().close()

    def __call__(self, name: str, *args, **given):
        body = given.pop("body", None)
        if body is not None:
            kind, fields = body
            given["body"] = getattr(self.part("models"), kind).from_dict(fields)
        answer = self.part(f"api.{name}").sync(*args, client=self.client, **given)
        assert not isinstance(answer, self.part("models").Problem), answer
        return answer

    def logs_in(self, email: str, password: str) -> None:
        given = self("auth.log_in", body=("CredentialsRequest", {"email": email, "password": password}))
        self.client.get_httpx_client().close()
        self.client = self.part("client").AuthenticatedClient(
            base_url=self.site, token=given.access, raise_on_unexpected_status=True
        )


def test_a_generated_client_goes_from_registration_to_refund(
    live_server, mailoutbox, doctor, clerk, generated
):
    payer = Payer(live_server.url)
    with Made(generated, live_server.url) as call, Made(generated, live_server.url) as office:
        call("users.register", body=("SignUpRequest", ASHA))
        payer.confirms_the_address(mailoutbox[0])
        call.logs_in(**ME)
        (found,) = call("doctors.list_doctors", q="asha").results
        slot = call("doctors.list_slots_of_doctor", found.ref, days=3).days[-1].slots[0]
        wanted = {"doctor": found.ref, "starts_at": slot.starts_at.isoformat(), "pay": "online"}
        booking = call("bookings.book", body=("NewBookingRequest", wanted), idempotency_key="one")
        begun = call("bookings.start_transaction", booking.ref, body=("NewTransactionRequest", {}))
        payer.pays(begun.checkout.url, **ME)
        paid = call("transactions.show_transaction", begun.ref)
        office.logs_in(clerk.email, PASSWORD)
        office("transactions.refund_transaction", begun.ref, body=("NewRefundRequest", {"amount": "559.00"}))
        (seen,) = call("transactions.list_transactions", booking=booking.ref).results
        booked = call("bookings.show_booking", booking.ref)

    assert [one.status for one in (booking, begun, paid, seen)] == ["held", "pending", "captured", "refunded"]
    assert (booked.status, paid.amount, seen.refunded_amount) == ("booked", "559.00", "559.00")
    assert [refund.status for refund in seen.refunds] == ["processed"]
