"""What somebody sends from a page of the staff site after their login has ended, kept until the next login.

It waits encrypted in the session of the browser, for `MINUTES`, and only for the person who worked there
last: a signed cookie says who that was. Forms with passwords are not kept.
"""

import json

from cryptography.fernet import InvalidToken
from django.conf import settings

from accounts.mfa import cipher
from hms.core.cookies import cookie_name, guarded

KEY = "kept_form"
MINUTES = 30
LARGEST = 200_000  # characters
COOKIE = cookie_name("hms-staff")
SALT = "hms.accounts.kept_forms"


def remember_who_works(request, response) -> None:
    """Let this browser know its member of staff when the login has ended."""
    if who_worked(request) != request.user.pk:
        lasts = 2 * settings.SESSION_COOKIE_AGE
        response.set_signed_cookie(COOKIE, request.user.pk, salt=SALT, max_age=lasts, **guarded())


def who_worked(request) -> int | None:
    found = request.get_signed_cookie(COOKIE, default=None, salt=SALT)
    return int(found) if found else None


def keep(request, user_pk: int | None) -> bool:
    """Keep the form that was sent, for this person; whether there was one to keep."""
    fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    if user_pk is None or not any(any(values) for values in fields.values()):
        return False
    if any("password" in name for name in fields):
        return False
    sent = {"user": user_pk, "page": request.get_full_path(), "fields": fields}
    text = json.dumps(sent)
    if len(text) > LARGEST:
        return False
    request.session[KEY] = cipher().encrypt(text.encode()).decode()
    return True


def kept(request) -> dict[str, list[str]] | None:
    """The fields that the person sent to this page before the login ended."""
    try:
        sent = json.loads(cipher().decrypt(request.session[KEY].encode(), ttl=MINUTES * 60))
    except (KeyError, InvalidToken):
        return None
    is_here = sent["page"] == request.get_full_path()
    return sent["fields"] if is_here and sent["user"] == request.user.pk else None


def forget(request) -> None:
    request.session.pop(KEY, None)
