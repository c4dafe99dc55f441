"""Webhooks over the API, for administrators."""

import pytest

from accounts.roles import STAFF_ROLES, Role
from audit.models import AuditEvent
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from hms.webhooks.models import Delivery, Endpoint
from hms.webhooks.services import disable_endpoint, save_endpoint, secrets_of
from hms.webhooks.statuses import EndpointStatus
from tests.api.calls import Caller, told
from tests.factories import staff
from tests.racing import race
from tests.webhooks.rows import PUBLIC, queued, registered

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I04")]

CLINIC = {"name": "Clinic", "url": PUBLIC, "events": ["booking.*", "result.released"]}


@pytest.fixture
def admin():
    return Caller(staff("administrator"))


def test_an_address_is_registered_changed_disabled_enabled_and_deleted(admin):
    added = admin.post("webhooks/", CLINIC)
    endpoint, path = Endpoint.objects.get(), f"webhooks/{added.json()['ref']}/"
    changed = admin.patch(path, {"name": "Kiosk", "events": ["payment.*"]})
    disabled = admin.patch(path, {"status": "disabled"})
    enabled = admin.patch(path, {"status": "active", "name": "Clinic"})
    listed = admin.get("webhooks/")

    assert (added.status_code, added.json()["secret"]) == (201, secrets_of(endpoint)[0])
    assert {name: changed.json()[name] for name in CLINIC} == CLINIC | {
        "name": "Kiosk",
        "events": ["payment.*"],
    }
    assert (disabled.json()["status"], disabled.json()["disabled_because"]) == ("disabled", "by_hand")
    assert (enabled.json()["status"], enabled.json()["name"]) == ("active", "Clinic")
    assert listed.json()["results"] == [admin.get(path).json()]
    assert "secret" not in listed.json()["results"][0]
    assert admin.delete(path).status_code == 204
    assert told(admin.get(path)) == (404, "not_found")


def test_an_event_that_is_named_twice_is_refused_with_the_words_for_that(admin):
    answer = admin.post("webhooks/", CLINIC | {"events": ["booking.*", "booking.*"]})

    assert answer.json()["errors"]["events"] == [{"code": "repeated", "message": "Name each event once."}]


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"url": "https://10.0.0.1/"}, (400, "address_refused")),
        ({"url": "http://93.184.215.14/"}, (400, "address_refused")),
        ({"url": ""}, (400, "invalid")),
        ({"events": []}, (400, "invalid")),
        ({"events": ["booking.eaten"]}, (400, "invalid")),
        ({"events": ["booking.*", "booking.*"]}, (400, "invalid")),
        ({"name": "KIOSK"}, (400, "invalid")),
    ],
)
def test_what_is_wrong_is_said_at_its_field(admin, change, refused):
    registered(name="Kiosk")
    endpoint = registered(name="Other")

    answers = [
        admin.post("webhooks/", CLINIC | change),
        admin.patch(f"webhooks/{endpoint.reference}/", change),
    ]

    assert [(told(answer), list(at_fields(answer))) for answer in answers] == [(refused, [*change])] * 2
    assert set(Endpoint.objects.values_list("name", "url")) == {("Kiosk", PUBLIC), ("Other", PUBLIC)}


def at_fields(answer) -> set[str]:
    return {name.partition(".")[0] for name in answer.json()["errors"]}


def test_a_lost_answer_is_given_again_with_the_same_secret(admin):
    first, second = (admin.post("webhooks/", CLINIC, Idempotency_Key="k-1") for _time in range(2))

    assert first.json() == second.json()
    assert Endpoint.objects.count() == 1


def test_a_secret_is_rotated_and_shown_once(admin):
    endpoint = registered()
    path = f"webhooks/{endpoint.reference}/"

    rotated = admin.post(f"{path}rotate/").json()

    endpoint.refresh_from_db()
    assert rotated["secret"] == secrets_of(endpoint)[0]
    assert admin.get(path).json()["old_secret_until"] == rotated["old_secret_until"] is not None


def test_deliveries_are_listed_tested_and_sent_again(admin):
    endpoint = registered()
    sent = queued(endpoint, status="given_up", due_at=None, answer=500)
    queued(registered(name="Other"))
    path = f"webhooks/{endpoint.reference}/"

    tested = admin.post(f"{path}test/")
    again = admin.post(f"{path}deliveries/{sent.reference}/send/")
    twice = admin.post(f"{path}deliveries/{sent.reference}/send/")
    listed = admin.get(f"{path}deliveries/?event=booking.booked").json()

    assert (tested.status_code, tested.json()["event"]) == (202, "webhook.test")
    assert (again.status_code, again.json()["status"], told(twice)) == (202, "waiting", (409, "step_refused"))
    assert [(row["ref"], row["answer"]) for row in listed["results"]] == [(sent.reference, 500)]
    assert admin.get(f"{path}deliveries/?status=delivered").json()["count"] == 0


def test_a_delivery_is_found_below_its_own_address_only(admin):
    other, row = registered(name="Other"), queued(registered(), status="given_up", due_at=None)

    answer = admin.post(f"webhooks/{other.reference}/deliveries/{row.reference}/send/")

    assert told(answer) == (404, "not_found")
    assert Delivery.objects.get().status == "given_up"


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {Role.ADMINISTRATOR}))
def test_nobody_else_reads_or_writes_them(role):
    endpoint, caller = registered(), Caller(staff(role))
    path = f"webhooks/{endpoint.reference}/"

    answers = [
        caller.get("webhooks/"),
        caller.get(path),
        caller.post("webhooks/", CLINIC),
        caller.delete(path),
    ]
    answers += [caller.post(path + name) for name in ("rotate/", "test/")] + [
        caller.get(path + "deliveries/")
    ]

    assert {told(answer) for answer in answers} == {(403, "permission_denied")}


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_for_any_number(admin, django_assert_num_queries, count):
    endpoints = [registered(name=f"Clinic {n}") for n in range(count)]
    for _delivery in range(count):
        queued(endpoints[0])
    admin.get("webhooks/")

    with django_assert_num_queries(6):
        admin.get("webhooks/")
    with django_assert_num_queries(7):
        admin.get(f"webhooks/{endpoints[0].reference}/deliveries/")


def test_a_change_that_is_refused_in_part_changes_nothing(admin):
    endpoint = registered()
    path = f"webhooks/{endpoint.reference}/"
    admin.patch(path, {"status": "disabled"})
    shown = admin.get(path).json()

    refused = admin.patch(path, {"status": "active", "name": ""})

    assert told(refused) == (400, "invalid")
    assert admin.get(path).json() == shown


def test_a_change_and_a_step_are_saved_together_or_not_at_all():
    endpoint = registered()
    disable_endpoint(endpoint=endpoint, by=SYSTEM)
    endpoint.name = "Kiosk"

    with pytest.raises(StepRefused):
        save_endpoint(endpoint=endpoint, to=EndpointStatus.DISABLED, by=SYSTEM)

    assert Endpoint.objects.get().name == "Clinic"


def test_the_log_says_who_sent_a_test_and_who_sent_again():
    user = staff("administrator")
    endpoint = registered()
    row = queued(endpoint, status="given_up", due_at=None)
    path = f"webhooks/{endpoint.reference}/"

    test = Caller(user).post(f"{path}test/").json()["ref"]
    Caller(user).post(f"{path}deliveries/{row.reference}/send/")

    said = AuditEvent.objects.filter(model="webhooks.endpoint", object_pk=str(endpoint.pk), actor=user)
    assert list(said.order_by("pk").values_list("action", "details", "source")) == [
        ("update", {"test_sent": test}, "api"),
        ("update", {"sent_again": row.reference}, "api"),
    ]


def test_there_is_an_end_to_how_many_are_registered(admin, monkeypatch):
    monkeypatch.setattr("hms.webhooks.services.endpoints.MOST_ENDPOINTS", 1)
    registered()

    assert told(admin.post("webhooks/", CLINIC | {"name": "Kiosk"})) == (409, "too_many_endpoints")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_pass_the_limit(monkeypatch):
    monkeypatch.setattr("hms.webhooks.services.endpoints.MOST_ENDPOINTS", 2)
    registered(name="First")

    outcomes = race(*[lambda name=name: registered(name=name) for name in ("A", "B", "C", "D")])

    assert outcomes == {"Endpoint": 1, "TooManyEndpoints": 3}
    assert Endpoint.objects.count() == 2
