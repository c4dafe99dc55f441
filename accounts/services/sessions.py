"""Active sessions of a login, read with a constant number of queries."""

from datetime import timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User
from audit.capture.recorder import record_event
from audit.models import Action
from hms.core.refusals import NotAllowed
from hms.core.transactions import retried_atomic

STILL_BEING_MADE = timedelta(minutes=1)


def living_sessions(*, user: User) -> list[UserSession]:
    """Sessions in which the user is still logged in, oldest first."""
    known = list(UserSession.objects.filter(user=user).order_by("created_at", "pk"))
    open_keys = _keys_that_open(user, [row.session_key for row in known])
    return [row for row in known if row.session_key in open_keys]


@retried_atomic
def clear_dead_sessions(*, user: User) -> None:
    """Delete the rows of sessions that have ended.

    Rows younger than a minute are kept: during a login the row can be visible before its session.
    """
    made = timezone.now() - STILL_BEING_MADE
    known = dict(UserSession.objects.filter(user=user, created_at__lt=made).values_list("session_key", "pk"))
    open_keys = _keys_that_open(user, list(known))
    if dead := [pk for key, pk in known.items() if key not in open_keys]:
        UserSession.objects.filter(pk__in=dead).delete()


@retried_atomic
def delete_ended_sessions() -> int:
    """Delete sessions whose time has run out, and what is known about them; returns how many."""
    sessions = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects
    count, _by_model = sessions.filter(expire_date__lte=timezone.now()).delete()
    made = timezone.now() - STILL_BEING_MADE
    open_keys = sessions.values("session_key")
    UserSession.objects.filter(created_at__lt=made).exclude(session_key__in=open_keys).delete()
    return count


@retried_atomic
def end_sessions(*, sessions: list[UserSession], by: User) -> None:
    """End sessions of the user `by`; refuses sessions of other users."""
    if any(session.user_id != by.pk for session in sessions):
        raise NotAllowed
    for session in sessions:
        session.end()
    if sessions:
        record_event(Action.LOGOUT, obj=by, details={"elsewhere": len(sessions)})


def _keys_that_open(user: User, keys: list[str]) -> set[str]:
    """The keys that `django.contrib.auth.get_user` would accept, found with one query."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    rows = store.get_model_class().objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    data = {row.session_key: store().decode(row.session_data) for row in rows}
    return {key for key, session in data.items() if opens(session, user)}


def opens(session: dict, user: User) -> bool:
    """Whether the session belongs to the user and began after the last change of password."""
    right = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    given = session.get(HASH_SESSION_KEY, "")
    return session.get(SESSION_KEY) == str(user.pk) and any(
        constant_time_compare(given, one) for one in right
    )
