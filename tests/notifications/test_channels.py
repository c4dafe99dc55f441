"""E-mail and SMS on the wire: what a message looks like, and services that misbehave."""

import json
import threading
import time
from email import message_from_string, policy
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone

from hms.notifications.channels.mail import as_html, letter
from hms.notifications.models import Notification
from hms.notifications.sending import MOST_REFUSED, Unreachable, send_due
from hms.notifications.services import write_messages
from tests.notifications.mail_server import ACCEPTS, HANGS_UP, mail_server
from tests.notifications.rows import no_mail_server, queued

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N01")]


def accepts(_to: str) -> str:
    return ACCEPTS


def again() -> None:
    """The pause before the next attempt is over."""
    Notification.objects.filter(status="waiting").update(due_at=timezone.now())


def test_a_message_is_text_and_html_with_a_file_for_the_calendar(settings, booked):
    settings.SITE_ADDRESS = "https://hospital.example"
    write_messages()

    with mail_server(settings, accepts) as server:
        send_due()

    message = message_from_string(server.kept[0][1], policy=policy.default)
    text, html = (message.get_body([kind]).get_content() for kind in ("plain", "html"))
    (calendar,) = message.iter_attachments()
    assert text.startswith("Your appointment is booked.")
    assert f'href="https://hospital.example/me/appointments/{booked.reference}/"' in html
    assert [part in html for part in ("<script", "<img", "url(", "src=")] == [False] * 4
    assert (calendar.get_content_type(), calendar.get_param("method")) == ("text/calendar", "REQUEST")
    assert calendar.get_filename() == "appointment.ics"
    assert "BEGIN:VEVENT" in calendar.get_content()


def test_what_people_typed_is_escaped_in_the_html():
    row = queued()
    row.body, row.subject = "<b>Asha</b> & <script>alert(1)</script>", "<i>Subject</i>"

    html = as_html(row)

    assert "<b>" not in html
    assert "<i>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_server_that_answers_after_longer_than_it_takes_to_connect_is_waited_for(settings):
    """It has taken the message: whoever does not wait for its answer sends it again."""
    settings.EMAIL_TIMEOUT = 0.2
    queued()

    def slow(_to: str) -> str:
        time.sleep(0.6)
        return ACCEPTS

    with mail_server(settings, accepts, slow) as server:
        outcomes = [send_due(), send_due()]

    assert (outcomes, len(server.kept)) == ([(1, 0), (0, 0)], 1)


def test_a_server_that_breaks_off_in_the_middle_gets_the_rest_and_that_one_again(settings):
    for n in range(4):
        queued(to=f"p{n}@example.org", key=f"refund/{n}")
    breaks = ["p1@example.org"]

    def once(to: str) -> str:
        return HANGS_UP if to in breaks and not breaks.clear() else ACCEPTS

    with mail_server(settings, accepts, once) as server:
        first = send_due()
        again()
        second = send_due()

    assert (first, second) == ((3, 1), (1, 0))
    assert sorted(to for to, _message in server.kept) == [f"p{n}@example.org" for n in range(4)]
    assert set(Notification.objects.values_list("status", flat=True)) == {"sent"}


def test_an_address_that_does_not_exist_is_given_up_at_once(settings):
    row, fine = queued(), queued(to="fine@example.org", key="refund/2")

    with mail_server(settings, lambda to: ACCEPTS if to == fine.recipient else "550 5.1.1 No such user"):
        outcome = send_due()

    row.refresh_from_db()
    assert (outcome, row.status, row.attempts) == ((1, 1), "given_up", 1)
    assert row.last_error == "SMTPRecipientsRefused"


@pytest.mark.parametrize(
    "reply", ["550 5.7.1 Relaying denied", "550 No", "554 5.7.1 Blocked", "452 4.2.2 Full"]
)
def test_a_server_that_will_not_take_mail_from_here_loses_none(settings, reply):
    row = queued()

    with mail_server(settings, lambda _to: reply):
        send_due()

    row.refresh_from_db()
    assert (row.status, row.attempts) == ("waiting", 1)


def test_a_mail_server_that_is_down_holds_up_no_sms(settings, booked, capsys):
    write_messages()
    no_mail_server(settings)

    with pytest.raises(Unreachable):
        send_due("email")
    outcome = send_due("sms")

    assert outcome == (1, 0)
    assert capsys.readouterr().out.startswith("SMS to +91")


class Provider(HTTPServer):
    """A provider of SMS on the loopback, which answers each request as it is told."""

    def __init__(self, *answers: int, pause: float = 0):
        super().__init__(("127.0.0.1", 0), Answer)
        self.answers, self.pause, self.taken = list(answers), pause, []

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.shutdown()
        self.server_close()

    def handle_error(self, *_request):
        """A client that does not wait is no news."""


class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(self.server.pause)
        status = self.server.answers.pop(0) if self.server.answers else 200
        if status == 200:
            self.server.taken.append(said | {"key": self.headers["Authorization"]})
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_line):
        """Not on the console."""


@pytest.fixture
def sms(settings, booked) -> Notification:
    """An SMS that waits for an HTTP provider; the test starts one and sets its address."""
    senders = settings.NOTIFICATIONS["senders"] | {"sms": "hms.notifications.channels.sms.HttpSender"}
    settings.NOTIFICATIONS = settings.NOTIFICATIONS | {"senders": senders}
    settings.SMS = {"url": "", "key": "k3y", "sender": "HOSPTL", "entity_id": "11", "timeout_seconds": 0.3}
    write_messages()
    Notification.objects.update(dlt_template_id="1207")
    return Notification.objects.get(channel="sms")


def use(settings, provider: Provider) -> None:
    settings.SMS = settings.SMS | {"url": f"http://127.0.0.1:{provider.server_address[1]}/send"}


def test_an_sms_is_posted_with_what_the_operators_ask_for(settings, sms):
    with Provider() as provider:
        use(settings, provider)
        outcome = send_due("sms")

    assert outcome == (1, 0)
    assert provider.taken == [{
        "reference": sms.reference, "to": sms.recipient, "text": sms.body, "sender": "HOSPTL",
        "dlt_entity_id": "11", "dlt_template_id": "1207", "key": "Bearer k3y",
    }]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "status"),
    [(500, "waiting"), (429, "waiting"), (302, "waiting"), (401, "waiting"), (400, "given_up")],
)
def test_a_provider_that_refuses_is_asked_again_unless_it_is_the_message(settings, sms, answer, status):
    with Provider(answer) as provider:
        use(settings, provider)
        first = send_due("sms")
        sms.refresh_from_db()
        now = sms.status
        again()
        send_due("sms")

    assert (first, now, sms.last_error) == ((0, 1), status, f"HTTPError {answer}")
    assert len(provider.taken) == (status == "waiting")


def test_a_provider_that_does_not_answer_is_not_waited_for(settings, sms):
    with Provider(pause=1) as provider:
        use(settings, provider)
        began = time.monotonic()
        outcome = send_due("sms")
        took = time.monotonic() - began

    sms.refresh_from_db()
    assert (outcome, sms.status, sms.last_error) == ((0, 1), "waiting", "TimeoutError")
    assert took < 0.9


def test_a_provider_that_is_down_is_left_alone_after_a_few(settings, sms):
    for _n in range(MOST_REFUSED + 1):
        Notification.objects.create(
            kind="booked", channel="sms", recipient="+919845000000", body="x", idempotency_key=f"k{_n}"
        )
    with Provider() as provider:
        use(settings, provider)

    with pytest.raises(Unreachable, match="URLError"):
        send_due("sms")

    assert Notification.objects.filter(channel="sms", attempts=1).count() == MOST_REFUSED


def test_without_an_address_of_the_provider_nothing_is_sent_and_no_attempt_lost(settings, sms):
    assert send_due("sms") == (0, 1)

    sms.refresh_from_db()
    assert (sms.status, sms.attempts) == ("waiting", 0)


def test_the_message_id_stays_when_it_is_sent_again(settings):
    row = queued()

    first, second = (letter(row, None).extra_headers["Message-ID"] for _twice in range(2))

    assert first == second == f"<{row.reference}@demo.example>"
