"""Writing notifications down, and what comes of them. They are sent by `hms.notifications.sending`."""

from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_supported_language_variant, override

from accounts.models import Patient, User
from hms.core.rights import System, require
from hms.core.states import move
from hms.core.transactions import retried_atomic
from hms.notifications.exceptions import TextForgotten
from hms.notifications.models import Notification
from hms.notifications.statuses import NotificationStatus

ATTEMPTS = 12  # over about a day
LONGEST_PAUSE = timedelta(hours=6)


@retried_atomic
def queue_notification(
    *, kind: str, to: str, patient: Patient, reader: Patient, context: dict, key: str
) -> Notification:
    """Write down what to tell whom, in the reader's language; the same key is told once.

    Called in the transaction of the change, so that there is neither a change that nobody is told of
    nor a letter about a change that did not happen.
    """
    with override(language_of(reader)):
        text = render_to_string(f"notifications/{kind}.txt", context | {"hospital": settings.HOSPITAL})
    row = {"kind": kind, "recipient": to, "patient": patient, **subject_and_body(text)}
    return Notification.objects.get_or_create(idempotency_key=key, defaults=row)[0]


def subject_and_body(text: str) -> dict[str, str]:
    """The first line and the rest; a subject too long for its column is cut, and the change is not lost."""
    subject, _separator, body = text.strip().partition("\n")
    most = Notification._meta.get_field("subject").max_length
    return {"subject": subject.strip()[:most], "body": body.strip() + "\n"}


def language_of(reader: Patient) -> str:
    """The language that the reader prefers if the hospital writes it, else the hospital's own."""
    try:
        return get_supported_language_variant(reader.preferred_language.code)
    except (AttributeError, LookupError):
        return settings.LANGUAGE_CODE


@retried_atomic
def mark_sent(*, notification: Notification) -> None:
    """It has left; refuses what was not waiting."""
    _step(_locked(notification), NotificationStatus.SENT, sent_at=timezone.now(), last_error="")


@retried_atomic
def mark_failed(*, notification: Notification, error: str) -> None:
    """It did not leave: it waits for longer and longer, and after the last attempt is given up."""
    if notification.attempts >= ATTEMPTS:
        _step(_locked(notification), NotificationStatus.GIVEN_UP, last_error=error)
        return
    again_at = timezone.now() + pause_after(notification.attempts)
    waiting = Notification.objects.filter(pk=notification.pk, status=NotificationStatus.WAITING)
    waiting.update(due_at=again_at, last_error=error)


@retried_atomic
def try_again(*, notification: Notification, by: User | System) -> None:
    """Let one that was given up wait again, with all its attempts; refuses what has no text any more."""
    require(by, "notifications.change_notification")
    row = _locked(notification)
    if row.status == NotificationStatus.GIVEN_UP and not row.body:
        raise TextForgotten
    _step(row, NotificationStatus.WAITING, due_at=timezone.now(), attempts=0)


def pause_after(attempts: int) -> timedelta:
    """Two minutes after the first attempt, twice as long after each further one, at most six hours."""
    return min(timedelta(minutes=2**attempts), LONGEST_PAUSE)


def forget_texts() -> int:
    """Delete what was written in notifications that are done with; that they were sent stays."""
    old = Notification.objects.to_forget()
    return old.update(subject="", body="", due_at=None) if old.exists() else 0


def _locked(notification: Notification) -> Notification:
    return Notification.objects.select_for_update().get(pk=notification.pk)


def _step(row: Notification, wanted: str, **changes) -> None:
    kept = timezone.now() + timedelta(days=settings.NOTIFICATIONS["keep_text_days"])
    move(row, wanted, **{"due_at": kept} | changes)
