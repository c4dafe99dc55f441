"""Active sessions: listed with a constant number of queries, ended one by one or all at once."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services import clear_dead_sessions, end_sessions, living_sessions
from audit.models import AuditEvent
from hms.core.refusals import NotAllowed
from tests.accounts.rows import somebody
from tests.factories import UserFactory
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A02")]

SESSIONS = "/accounts/sessions/"
QUERIES = 4


@pytest.fixture
def asha() -> User:
    return somebody("asha@example.org")


def logged_in(email: str = "asha@example.org", password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": password})
    return client


def session_of(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


def is_in(client: Client) -> bool:
    return client.get("/me/profile/").status_code == 200


def test_the_list_costs_the_same_for_one_and_for_three(asha, django_assert_num_queries):
    first = logged_in()
    first.get(SESSIONS)

    shown = []
    for _again in range(2):
        with django_assert_num_queries(QUERIES):
            shown.append(len(first.get(SESSIONS).context["sessions"]))
        for _another in range(2):
            logged_in()

    assert shown == [1, 3]


def test_one_session_is_ended_and_the_others_are_not(asha):
    here, lost, other = logged_in(), logged_in(), logged_in()

    answer = here.post(SESSIONS, {"session": session_of(lost).pk}, follow=True)

    assert [is_in(client) for client in (here, lost, other)] == [True, False, True]
    assert len(answer.context["sessions"]) == 2
    logged = AuditEvent.objects.get(action="logout")
    assert (logged.actor_id, logged.details) == (asha.pk, {"elsewhere": 1})


def test_pressing_the_button_twice_ends_the_session_once(asha):
    here, lost, other = logged_in(), logged_in(), logged_in()
    named = {"session": session_of(lost).pk}

    answers = [here.post(SESSIONS, named).status_code for _twice in range(2)]

    assert (answers, is_in(other), UserSession.objects.count()) == ([302, 302], True, 2)


@pytest.mark.parametrize("named", ["somebody else's", "one's own", "nothing"])
def test_neither_the_current_session_nor_one_of_another_user_can_be_ended(asha, named):
    somebody("other@example.org")
    here, theirs = logged_in(), logged_in("other@example.org")
    names = {"somebody else's": session_of(theirs).pk, "one's own": session_of(here).pk, "nothing": ""}

    here.post(SESSIONS, {"session": names[named]})

    assert [is_in(here), is_in(theirs)] == [True, True]


@pytest.mark.parametrize("how", ["expired", "logged out", "another password"])
def test_a_session_that_has_ended_is_not_listed(asha, how):
    elsewhere, here = logged_in(), logged_in()
    gone = session_of(elsewhere)
    if how == "expired":
        ended = timezone.now() - timedelta(seconds=1)
        Session.objects.filter(session_key=gone.session_key).update(expire_date=ended)
    elif how == "logged out":
        elsewhere.session.flush()
    else:
        asha.set_password("four quiet herons here")
        asha.save()
        here = logged_in(password="four quiet herons here")

    listed = living_sessions(user=User.objects.get(pk=asha.pk))

    assert [row.session_key for row in listed] == [here.session.session_key]
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        clear_dead_sessions(user=User.objects.get(pk=asha.pk))
    assert not UserSession.objects.filter(pk=gone.pk).exists()


def test_rows_of_ended_sessions_are_deleted_by_a_post_and_not_by_a_get(asha):
    gone, here = logged_in(), logged_in()
    gone.session.flush()

    counts = []
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        for ask in (here.get, here.post):
            ask(SESSIONS)
            counts.append(UserSession.objects.count())

    assert counts == [2, 1]


def test_the_row_of_a_login_in_progress_is_kept(asha):
    """The row exists before its session does; a POST in between must not delete it."""
    here = logged_in()
    UserSession.objects.create(
        user=asha, session_key="k" * 32, ip="127.0.0.1", user_agent="", created_at=timezone.now()
    )

    here.post(SESSIONS)

    assert UserSession.objects.count() == 2


def test_a_user_cannot_end_sessions_of_another_user(asha):
    logged_in()

    with pytest.raises(NotAllowed):
        end_sessions(sessions=living_sessions(user=asha), by=UserFactory())

    assert UserSession.objects.filter(user=asha).count() == 1


@pytest.mark.parametrize(("others", "said"), [(1, ["You have been logged out there."]), (0, [])])
def test_the_message_appears_only_if_a_session_was_ended(asha, others, said):
    here = logged_in()
    for _other in range(others):
        logged_in()
    here.get(SESSIONS)

    answer = here.post(SESSIONS, follow=True)

    assert [str(message) for message in answer.context["messages"]] == said
