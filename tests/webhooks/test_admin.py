"""The staff site: administrators register, test, rotate, disable and send again; secrets are shown once."""

import html
import re

import pytest
from django.urls import reverse

from accounts.roles import STAFF_ROLES, Role
from audit.models import AuditEvent
from hms.core.rights import SYSTEM
from hms.webhooks.models import Delivery, Endpoint
from hms.webhooks.services import rotate_secret, secrets_of
from tests.factories import staff
from tests.webhooks.rows import PUBLIC, queued, registered

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I04")]

LIST, ADD = reverse("admin:webhooks_endpoint_changelist"), reverse("admin:webhooks_endpoint_add")
DELIVERIES = reverse("admin:webhooks_delivery_changelist")
TYPED = {"name": "Clinic", "url": PUBLIC, "events": ["booking.*", "result.released"]}
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")


def page_of(endpoint: Endpoint, name: str = "change") -> str:
    return reverse(f"admin:webhooks_endpoint_{name}", args=[endpoint.pk])


def press(client, endpoint: Endpoint, name: str, page: str | None = None, **more):
    """Press a button of the page, as it is now or as it was."""
    address = reverse(f"admin:{name}-webhook", args=[endpoint.pk])
    page = page or client.get(page_of(endpoint)).text
    form = page.split(f'action="{address}"', 1)[1].split("</form>", 1)[0]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    return client.post(
        address, {name: html.unescape(value) for name, value in sent.items()} | more, follow=True
    )


def test_a_new_address_shows_its_secret_once(client, administrator):
    answer = client.post(ADD, TYPED)
    endpoint = Endpoint.objects.get()

    pages = [client.get(page).text for page in (page_of(endpoint), LIST, page_of(endpoint, "history"))]
    assert SECRET.findall(answer.text) == secrets_of(endpoint)
    assert (endpoint.name, endpoint.url, endpoint.events) == tuple(TYPED.values())
    assert [SECRET.findall(page) for page in pages] == [[], [], []]
    assert [page for page in pages if endpoint.secret in page] == []
    assert "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.filter(model="webhooks.endpoint", actor=administrator).count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "http://93.184.215.14/"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["webhook.test"]}, "events"),
        ({"name": " CLINIC "}, "name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, administrator, change, field):
    registered(PUBLIC, name="Clinic" if "name" in change else "Other")

    answer = client.post(ADD, TYPED | change)

    assert list(answer.context["adminform"].form.errors) == [field]
    assert Endpoint.objects.count() == 1


def test_an_address_is_changed_and_deleted_with_what_was_sent(client, administrator):
    endpoint = registered()
    queued(endpoint)
    page = client.get(page_of(endpoint))
    shown = page.context["adminform"].form["fingerprint"].value()

    client.post(page_of(endpoint), TYPED | {"name": "Kiosk", "fingerprint": shown})
    renamed = Endpoint.objects.get().name
    answer = client.post(page_of(endpoint, "delete"), {"post": "yes"})

    assert (renamed, answer.status_code) == ("Kiosk", 302)
    assert (Endpoint.objects.exists(), Delivery.objects.exists()) == (False, False)


def test_a_new_secret_is_shown_once_and_a_second_press_changes_nothing(client, administrator):
    endpoint = registered()
    page = client.get(page_of(endpoint)).text

    first, second = (press(client, endpoint, "rotate", page) for _press in range(2))

    endpoint.refresh_from_db()
    assert SECRET.findall(first.text) == secrets_of(endpoint)[:1]
    assert (SECRET.findall(second.text), len(secrets_of(endpoint))) == ([], 2)


def test_a_test_is_queued_and_an_address_is_disabled_and_enabled(client, administrator):
    endpoint = registered()
    page = client.get(page_of(endpoint)).text

    press(client, endpoint, "test")
    off = press(client, endpoint, "switch", page)
    again = press(client, endpoint, "switch", page)
    stale = press(client, endpoint, "test", page)
    was = Endpoint.objects.values_list("status", "disabled_because").get()
    press(client, endpoint, "switch")

    assert list(Delivery.objects.values_list("event", "status")) == [("webhook.test", "waiting")]
    assert (was, Endpoint.objects.get().status) == (("disabled", "by_hand"), "active")
    assert "Clinic: Disabled: by an administrator" in off.text
    assert "Nothing to do" in again.text
    assert "Disabled" in stale.text


def test_deliveries_are_sent_again_from_their_list(client, administrator):
    endpoint = registered()
    sent = queued(endpoint, status="delivered", delivered_at="2026-11-27T09:30Z", due_at=None, attempts=1)
    waiting = queued(endpoint)
    page = client.get(DELIVERIES, {"endpoint__id__exact": endpoint.pk, "status__exact": "delivered"})
    shown = dict(re.findall(r'name="(row-\d+-fingerprint)" value="([^"]*)"', client.get(DELIVERIES).text))

    data = {"action": "send_again", "_selected_action": [sent.pk, waiting.pk]} | shown
    answer = client.post(DELIVERIES, data, follow=True)

    assert (sent.reference in page.text, waiting.reference in page.text) == (True, False)
    assert "1 delivery is sent again." in answer.text
    assert set(Delivery.objects.values_list("status", "attempts", "delivered_at")) == {("waiting", 0, None)}


def test_the_page_of_a_delivery_shows_what_is_sent(client, administrator):
    row = queued(registered())

    page = html.unescape(client.get(reverse("admin:webhooks_delivery_change", args=[row.pk])).text)

    assert row.body in page
    assert 'name="_save"' not in page


def test_only_administrators_see_and_change_addresses(client):
    endpoint = registered()
    rotate = reverse("admin:rotate-webhook", args=[endpoint.pk])
    opened = []
    for role in STAFF_ROLES:
        client.force_login(staff(role))
        answers = [client.get(page) for page in (LIST, ADD, page_of(endpoint), DELIVERIES)]
        answers.append(client.post(rotate, {"fingerprint": ""}))
        opened += [role for answer in answers if answer.status_code < 400]

    endpoint.refresh_from_db()
    assert set(opened) == {Role.ADMINISTRATOR}
    assert len(secrets_of(endpoint)) == 1
    assert client.get(rotate).status_code in (403, 405)


@pytest.mark.parametrize(("page", "queries"), [(LIST, 7), (DELIVERIES, 7)])
def test_lists_take_the_same_queries_for_one_and_three_rows(
    client, administrator, django_assert_num_queries, page, queries
):
    client.get(page)
    for count in (1, 2):
        for n in range(count):
            queued(registered(name=f"Clinic {count} {n}"))
        with django_assert_num_queries(queries):
            client.get(page)


def test_the_secret_of_somebody_else_is_kept_until_its_day_is_over(client, administrator):
    endpoint = registered()
    page = client.get(page_of(endpoint)).text
    rotate_secret(endpoint=endpoint, by=SYSTEM)
    now = Endpoint.objects.values_list("secret", "old_secret").get()

    answer = press(client, endpoint, "rotate", page)

    assert Endpoint.objects.values_list("secret", "old_secret").get() == now
    assert SECRET.findall(answer.text) == []
