"""A browser in which somebody has logged in before counts its own wrong passwords.

So a stranger who types an address with wrong passwords locks that login everywhere but in the browsers of
its owner. A signed cookie names the logins of a browser; a new password makes it void.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare

from accounts.models import User
from hms.core.cookies import cookie_name, guarded

COOKIE = cookie_name("hms-known", "__Secure-")
PATH = "/accounts/"  # nowhere else, so that public pages still come from memory
SALT = "hms.accounts.known_browsers"
MOST = 8  # logins of one browser
DAY_S = 24 * 3600

Known = dict[str, tuple[str, str]]  # by key of the user: number of the browser, mark of the password


def remember_browser(request, response, user: User) -> None:
    """Count this browser's next failures for the user apart; call it after a login."""
    known = _known(request)
    number, mark = known.pop(str(user.pk), ("", ""))
    if not number or not constant_time_compare(mark, _mark(user)):
        number = secrets.token_urlsafe(9)
    known[str(user.pk)] = (number, _mark(user))
    response.set_cookie(
        COOKIE, signing.dumps(dict(list(known.items())[-MOST:]), salt=SALT), path=PATH,
        max_age=settings.KNOWN_BROWSER_DAYS * DAY_S, **guarded(),
    )  # fmt: skip


def counter_of(request, email: str) -> str:
    """The name under which failures with this address are counted."""
    known = _known(request)
    user = User.objects.filter(pk__in=known, email=email.lower()).first() if known else None
    if user is None:
        return email
    number, mark = known[str(user.pk)]
    return f"{email} {number}" if constant_time_compare(mark, _mark(user)) else email


def _known(request) -> Known:
    try:
        return signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=settings.KNOWN_BROWSER_DAYS * DAY_S
        )
    except signing.BadSignature:
        return {}


def _mark(user: User) -> str:
    return user.get_session_auth_hash()[:16]
