"""One request, bounded in time and size, to the host that its certificate names."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hms.webhooks import transport
from hms.webhooks.transport import Answer, pause_asked, post
from tests.webhooks import receiver as ways
from tests.webhooks.receiver import listening
from tests.webhooks.test_addresses import Names

pytestmark = pytest.mark.feature("I04")


@pytest.mark.parametrize("code", [200, 201, 204, 302, 307, 400, 410, 429, 500, 503])
def test_the_status_is_what_counts(receiver, code):
    receiver.answer = ways.status(code, Location=f"http://127.0.0.1:{receiver.port}/elsewhere")

    answer = post(receiver.url, b'{"type":"x"}', {"webhook-id": "R"})

    [(path, headers, body)] = receiver.taken
    assert (answer.status, answer.is_accepted, path) == (code, code < 300, "/hook?of=hospital")
    assert (headers["webhook-id"], headers["content-type"], body) == (
        "R",
        "application/json",
        b'{"type":"x"}',
    )


@pytest.mark.parametrize("way", [ways.hangs, ways.drips])
def test_a_slow_receiver_is_left_after_the_whole_time(receiver, way):
    receiver.answer, begun = way, time.monotonic()

    answer = post(receiver.url, b"{}", {}, total_s=0.4)

    assert answer == Answer(error="TimeoutError")
    assert 0.3 < time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("way", "answer"),
    [
        (ways.has_much_to_say, Answer(200)),
        (ways.never_ends, Answer(200)),
        (ways.speaks_otherwise, Answer(error="BadStatusLine")),
        (lambda _talk: None, Answer(error="RemoteDisconnected")),
    ],
)
def test_long_and_strange_answers_end_early(receiver, way, answer):
    receiver.answer = way

    assert post(receiver.url, b"{}", {}) == answer


def test_nobody_listens(inside_allowed):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"

    assert post(url, b"{}", {}) == Answer(error="ConnectionRefusedError")


def test_the_next_number_is_asked_if_the_first_does_not_answer(monkeypatch, receiver):
    Names(monkeypatch, ["::1", "127.0.0.1"])

    assert post(f"http://hook.example:{receiver.port}/", b"{}", {}) == Answer(200)


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """A certificate for hook.example that this process trusts, and the names for which it was asked."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hook.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))  # OpenSSL asks a clock that no test moves
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hook.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    both = tmp_path / "both.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    both.write_bytes(made.public_bytes(pem) + private)
    (tmp_path / "trusted.pem").write_bytes(made.public_bytes(pem))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    transport.trusted.cache_clear()
    context, asked = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), []
    context.load_cert_chain(both)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    yield context, asked
    transport.trusted.cache_clear()


def test_the_certificate_is_checked_for_the_name_and_not_the_number(certificate, monkeypatch, inside_allowed):
    context, asked = certificate
    Names(monkeypatch, ["127.0.0.1"])

    with listening(context) as server:
        right = post(f"https://hook.example:{server.port}/", b"{}", {})
        wrong = post(f"https://other.example:{server.port}/", b"{}", {})
        number = post(f"https://127.0.0.1:{server.port}/", b"{}", {})

    assert (right, wrong, number) == (
        Answer(200), Answer(error="SSLCertVerificationError"), Answer(error="SSLCertVerificationError"),
    )  # fmt: skip
    assert asked == ["hook.example", "other.example", None]
    assert [headers["host"] for _path, headers, _body in server.taken] == [f"hook.example:{server.port}"]


NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0), ("120", 120), (" 7 ", 7), ("0", 0), ("-5", 0), ("1.5", 0), ("soon", 0), ("9" * 400, 0),
        ("9" * 10, 86_400), ("Fri, 27 Nov 2026 12:02:00 GMT", 120), ("Fri, 27 Nov 2026 12:02:00", 120),
        ("Fri, 27 Nov 2026 11:00:00 GMT", 0), ("Fri, 27 Nov 2099 12:00:00 GMT", 86_400),
        ("Fri, 99 Nov 2026 12:00:00 GMT", 0), ("Fri, 27 Nov 99999 12:00:00 GMT", 0), ("\uff11\uff12", 0),
    ],
)  # fmt: skip
def test_the_pause_that_a_receiver_asks_for_is_read_within_limits(text, seconds):
    assert pause_asked(text, NOON) == timedelta(seconds=seconds)
