"""A round uses one connection, and leaves a server alone that refuses message after message."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from hms.core.jobs import jobs
from hms.jobs.models import JobRun
from hms.jobs.running import run_due
from hms.notifications.models import Notification
from hms.notifications.sending import MOST_REFUSED, Unreachable, send_due
from tests.notifications.mail_server import ACCEPTS, HANGS_UP, mail_server
from tests.notifications.rows import queued

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N03")]

LATER = "451 4.7.1 Try again later"


def waiting(number: int) -> None:
    for n in range(number):
        queued(to=f"p{n}@example.org", key=f"refund/{n}")


def attempts() -> list[int]:
    return sorted(Notification.objects.values_list("attempts", flat=True), reverse=True)


def test_all_messages_of_a_round_go_over_one_connection(settings):
    waiting(5)

    with mail_server(settings, lambda _to: ACCEPTS) as server:
        outcome = send_due()

    assert (outcome, server.connections, len(server.offered)) == ((5, 0), 1, 5)


def test_a_server_that_refuses_all_is_asked_a_few_times_over_one_connection(settings):
    waiting(10)

    with mail_server(settings, lambda _to: LATER) as server, pytest.raises(Unreachable, match="Refused"):
        send_due()

    assert (server.connections, len(server.offered)) == (1, MOST_REFUSED)
    assert attempts() == [1] * MOST_REFUSED + [0] * (10 - MOST_REFUSED)
    assert Notification.objects.filter(attempts=0, due_at__lte=timezone.now()).count() == 10 - MOST_REFUSED


def test_the_job_leaves_such_a_server_alone_for_a_minute(settings):
    waiting(10)
    JobRun.objects.bulk_create(
        JobRun(name=name, due_at=timezone.now() + timedelta(days=name != "send-notifications"))
        for name in jobs
    )

    with mail_server(settings, lambda _to: LATER) as server:
        said = [said for _job, said in run_due()]
        run_due()

    run = JobRun.objects.get(name="send-notifications")
    assert (said, run.failures, len(server.offered)) == (["Unreachable"], 1, MOST_REFUSED)
    assert run.due_at > timezone.now() + timedelta(seconds=50)


def test_the_command_says_what_an_operator_must_know(settings):
    waiting(MOST_REFUSED)

    with mail_server(settings, lambda _to: LATER), pytest.raises(CommandError, match="takes no messages"):
        call_command("send_notifications")


def test_single_refusals_between_accepted_messages_end_nothing(settings):
    waiting(10)

    def every_other(to: str) -> str:
        return LATER if int(to[1]) % 2 else ACCEPTS

    with mail_server(settings, every_other) as server:
        outcome = send_due()

    assert (outcome, server.connections) == ((5, 5), 1)


@pytest.mark.parametrize("breaks_off", [HANGS_UP, "421 4.3.2 Closing"])
def test_a_connection_that_the_server_ends_is_replaced_once(settings, breaks_off):
    waiting(4)

    with mail_server(settings, lambda to: breaks_off if to.startswith("p1") else ACCEPTS) as server:
        outcome = send_due()

    assert (outcome, server.connections, len(server.offered)) == ((3, 1), 2, 4)
