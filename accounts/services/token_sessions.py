"""Logins of programs. Each is a session as that of a browser, so that what ends sessions ends its tokens.

A token names its session by `sid`. The key of the session is a keyed hash of it: no token opens a page, and
nobody who reads the database can make a token.
"""

from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from accounts.backends import AuthenticationBackend
from accounts.models import User
from accounts.services.sessions import opens
from audit.capture.recorder import record_event
from audit.models import Action, Outcome
from hms.core.locks import lock_first
from hms.core.transactions import retried_atomic

REFRESH = "refresh_id"
SALT = "hms.accounts.token_sessions"
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - of a caller on a Unix socket
USER_AGENT_LENGTH = UserSession._meta.get_field("user_agent").max_length


@dataclass(frozen=True)
class TokenSession:
    user: User
    sid: str
    refresh_id: str


@retried_atomic
def begin_token_session(*, address: str | None, user_agent: str, by: User) -> TokenSession:
    """Log in; the caller has checked password and second factor."""
    begun = TokenSession(by, _random(), _random())
    data = {
        SESSION_KEY: str(by.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: by.get_session_auth_hash(),
        REFRESH: begun.refresh_id,
    }
    store = _store(begun.sid)
    key, ends_at = store.session_key, timezone.now() + _lifetime()
    sessions = store.get_model_class().objects
    sessions.create(session_key=key, session_data=store.encode(data), expire_date=ends_at)
    UserSession.objects.create(
        user=by, session_key=key, ip=address or NO_ADDRESS, user_agent=user_agent[:USER_AGENT_LENGTH]
    )
    by.last_login = timezone.now()
    by.save(update_fields=["last_login"])
    record_event(Action.LOGIN, obj=by, actor=by)
    return begun


def user_of_token(*, sid: str, user_id: str) -> User | None:
    """The user, while the session lasts; two queries."""
    data = _store(sid).load()
    if data.get(SESSION_KEY) != user_id:
        return None
    user = AuthenticationBackend().get_user(int(user_id))
    return user if user is not None and opens(data, user) else None


@retried_atomic
def renew_token_session(*, sid: str, refresh_id: str, by: User) -> TokenSession | None:
    """Give out the next refresh token. One that was used before is a copy: the session ends, None."""
    store = _store(sid)
    rows = store.get_model_class().objects.filter(expire_date__gt=timezone.now())
    row = lock_first(rows.filter(session_key=store.session_key))
    if row is None:
        return None
    data = row.get_decoded()
    if data.get(REFRESH) != refresh_id:
        _delete(store.session_key)
        details = {"what": "refresh_token_reused"}
        record_event(Action.LOGIN_FAILED, obj=by, details=details, outcome=Outcome.FAILED)
        return None
    renewed = TokenSession(by, sid, _random())
    row.session_data = store.encode(data | {REFRESH: renewed.refresh_id})
    row.expire_date = timezone.now() + _lifetime()
    row.save()
    return renewed


@retried_atomic
def end_token_session(*, sid: str, by: User) -> None:
    _delete(_store(sid).session_key)
    record_event(Action.LOGOUT, obj=by, actor=by)


def _delete(key: str) -> None:
    _store_class()(key).delete()
    UserSession.objects.filter(session_key=key).delete()


def _store(sid: str):
    return _store_class()(salted_hmac(SALT, sid, algorithm="sha256").hexdigest()[:40])


def _store_class() -> type:
    return import_module(settings.SESSION_ENGINE).SessionStore


def _lifetime() -> timedelta:
    return settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"]


def _random() -> str:
    return get_random_string(32)
