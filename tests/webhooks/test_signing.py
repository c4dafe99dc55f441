"""Signatures against the example of the Standard Webhooks scheme and against its arithmetic by hand."""

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from hms.core.ciphers import cipher_for
from hms.core.rights import SYSTEM
from hms.webhooks.models import Endpoint
from hms.webhooks.services import forget_old, rotate_secret, save_endpoint, secrets_of
from hms.webhooks.services.endpoints import BOTH_SIGN_FOR
from hms.webhooks.signing import new_secret, signature, signed_headers
from tests.webhooks.rows import PUBLIC, registered

pytestmark = pytest.mark.feature("I04")


def test_the_example_of_the_scheme():
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=200), st.integers(0, 2**33), st.text("ABC234", min_size=1, max_size=10))
def test_each_secret_signs_id_moment_and_body(body, moment, ref):
    new, old = new_secret(), new_secret()

    headers = signed_headers([new, old], ref, moment, body)

    assert (headers["webhook-id"], headers["webhook-timestamp"]) == (ref, str(moment))
    assert headers["webhook-signature"].split(" ") == [
        by_hand(new, headers, body),
        by_hand(old, headers, body),
    ]


def test_a_receiver_with_the_library_of_the_scheme_accepts_both_secrets_and_no_other():
    new, old, body = new_secret(), new_secret(), b'{"type":"webhook.test"}'

    headers = signed_headers([new, old], "msg", int(time.time()), body)

    assert [Webhook(secret).verify(body, headers) for secret in (new, old)] == [json.loads(body)] * 2
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(body, headers)


def by_hand(secret: str, headers: dict, body: bytes) -> str:
    """As docs/webhooks.md tells receivers to verify."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def test_secrets_are_made_of_32_random_bytes():
    secrets = {new_secret() for _time in range(50)}

    assert len(secrets) == 50
    assert {len(base64.b64decode(secret.removeprefix("whsec_"))) for secret in secrets} == {32}


@pytest.mark.django_db
def test_the_old_secret_signs_for_a_day_beside_the_new_one():
    endpoint = Endpoint(name="Clinic", url=PUBLIC, events=["booking.*"])
    first = save_endpoint(endpoint=endpoint, by=SYSTEM)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        second = rotate_secret(endpoint=endpoint, by=SYSTEM)
        endpoint.refresh_from_db()
        during = secrets_of(endpoint)
        third = rotate_secret(endpoint=endpoint, by=SYSTEM)
        endpoint.refresh_from_db()
        again = secrets_of(endpoint)
        clock.shift(BOTH_SIGN_FOR)
        afterwards = secrets_of(endpoint)
        forget_old()

    endpoint.refresh_from_db()
    assert (during, again, afterwards) == ([second, first], [third, second], [third])
    assert (endpoint.old_secret, endpoint.old_secret_until) == ("", None)


@pytest.mark.django_db
def test_secrets_are_stored_encrypted_and_survive_a_new_secret_key(settings):
    endpoint = registered()
    secret = secrets_of(endpoint)[0]
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-" * 8

    stored = Endpoint.objects.values_list("secret", flat=True).get()

    assert secret not in stored
    assert cipher_for("hms.webhooks").decrypt(stored.encode()).decode() == secret


def test_receivers_that_verify_as_the_documents_tell_them_take_what_is_genuine_and_nothing_else():
    written = (Path(settings.BASE_DIR) / "docs" / "webhooks.md").read_text()
    told = {}
    exec(written.partition("```python\n")[2].partition("```")[0], told)  # noqa: S102 - our own document
    old, new, body = new_secret(), new_secret(), b'{"type":"webhook.test"}'
    headers = signed_headers([new, old], "7KQ2M9XWPA", int(time.time()), body)
    stale = signed_headers([new], "7KQ2M9XWPA", int(time.time()) - 301, body)
    wrong = [
        {},
        stale,
        *(headers | {name: other} for name in headers for other in ("", "x", "v1,\u00e9", "-1")),
    ]

    assert [told["is_genuine"](secret, headers, body) for secret in (new, old, new_secret())] == [
        True,
        True,
        False,
    ]
    assert [told["is_genuine"](new, each, body) for each in wrong] == [False] * len(wrong)
    assert not told["is_genuine"](new, headers, body + b" ")
