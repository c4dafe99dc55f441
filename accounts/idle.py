"""How long a login lasts that nobody uses.

A signed cookie says when it was last used, beside the time of the login in the session, so that no page
writes to the database for it. A part of a page that loads by itself says so and is no use.
"""

import time

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from hms.core.cookies import cookie_name, guarded

BEGAN = "began_at"
COOKIE = cookie_name("hms-used")
SALT = "hms.accounts.idle"
BY_ITSELF = "X-By-Itself"
EVERY_S = 60  # how often the cookie is renewed


@receiver(user_logged_in)
def note_the_login(request, **_facts) -> None:
    if hasattr(request, "session"):
        request.session[BEGAN] = time.time()


def has_idled(request) -> bool:
    """Whether nobody has used this login for longer than the setting for its kind of user; 0: never."""
    minutes = settings.SESSION_IDLE_MINUTES["staff" if request.user.is_staff else "patients"]
    return bool(minutes) and not _was_used(request, minutes * 60)


def remember_the_use(request, response) -> None:
    if BY_ITSELF in request.headers or _was_used(request, EVERY_S):
        return
    response.set_signed_cookie(COOKIE, "", salt=_salt(request), **guarded())


def _was_used(request, seconds: int) -> bool:
    if time.time() - request.session.get(BEGAN, 0) < seconds:
        return True
    return request.get_signed_cookie(COOKIE, default=None, salt=_salt(request), max_age=seconds) is not None


def _salt(request) -> str:
    """Of this login alone; its session's key changes with a new password, its beginning does not."""
    return f"{SALT}:{request.user.pk}:{request.session.get(BEGAN)}"
