"""Queues messages and records what became of them; `hms.notifications.sending` sends them."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_supported_language_variant, override

from accounts.models import Patient, User
from hms.core.locks import lock_row, lock_rows
from hms.core.outbox import pause_after
from hms.core.rights import System, require
from hms.core.states import move
from hms.core.transactions import retried_atomic
from hms.notifications.exceptions import TextForgotten
from hms.notifications.models import DeclinedMessage, Notification
from hms.notifications.statuses import OPTIONAL, Channel, NotificationStatus
from hms.notifications.texts import TEXTS
from hms.notifications.wording import wording

ATTEMPTS = 12  # spread over about a day


@retried_atomic
def queue_notification(
    *,
    kind: str,
    to: str,
    patient: Patient | None,
    reader: Patient | None,
    context: dict,
    key: str,
    channel: str = Channel.EMAIL,
) -> Notification | None:
    """Queue a message in the reader's language; the same key queues it once. None if the patient declines it.

    Without a patient it is about none, and without a reader it is in the hospital's language. The words are
    those of `hms.notifications.texts`, with the context as values, or else of the template of that kind.

    Called in the transaction of the change, so that a message exists exactly if the change does.
    """
    if kind in OPTIONAL and patient is not None and _is_declined(patient, kind, channel):
        return None
    row = {"kind": kind, "channel": channel, "recipient": to, "patient": patient}
    row |= _words(kind, language_of(reader), context, channel)
    return Notification.objects.get_or_create(idempotency_key=key, defaults=row)[0]


def _is_declined(patient: Patient, kind: str, channel: str) -> bool:
    return DeclinedMessage.objects.filter(patient=patient, kind=kind, channel=channel).exists()


def _words(kind: str, language: str, context: dict, channel: str) -> dict[str, str]:
    with override(language):
        if kind in TEXTS:
            values, words = {name: str(value) for name, value in context.items()}, wording(kind, language)
            if channel == Channel.SMS:
                return words.as_sms(values)
            said = words.email(values)
            return said | {"subject": _cut(said["subject"])}
        text = render_to_string(f"notifications/{kind}.txt", context | {"hospital": settings.HOSPITAL})
    return subject_and_body(text)


def subject_and_body(text: str) -> dict[str, str]:
    """The first line and the rest; a subject too long for its column is cut, so that the change is saved."""
    subject, _separator, body = text.strip().partition("\n")
    return {"subject": _cut(subject.strip()), "body": body.strip() + "\n"}


def _cut(subject: str) -> str:
    return subject[: Notification._meta.get_field("subject").max_length]


def language_of(reader: Patient | None) -> str:
    """The reader's preferred language if the hospital supports it, else the hospital's default."""
    try:
        return get_supported_language_variant(reader.preferred_language.code)
    except (AttributeError, LookupError):
        return settings.LANGUAGE_CODE


@retried_atomic
def mark_sent(*, notification: Notification) -> None:
    """Mark a notification as sent; refuses one that is not waiting."""
    _step(_locked(notification), NotificationStatus.SENT, sent_at=timezone.now(), last_error="")


@retried_atomic
def mark_outdated(*, notification: Notification) -> None:
    """End the waiting of a message that is no longer true of its visit."""
    _step(_locked(notification), NotificationStatus.OUTDATED)


@retried_atomic
def take_back(*, patient: Patient, address: str, but: Collection[str]) -> None:
    """End the waiting of all messages about a patient to this address, except of these kinds."""
    waiting = Notification.objects.filter(status=NotificationStatus.WAITING, patient=patient)
    for row in lock_rows(waiting.filter(recipient=address).exclude(kind__in=but)):
        _step(row, NotificationStatus.OUTDATED)


@retried_atomic
def mark_failed(*, notification: Notification, error: str, is_final: bool = False) -> None:
    """Record a failed attempt: the next one follows after a growing pause.

    The last failure gives up, and so does one that will not end, such as an address that does not exist.
    """
    if is_final or notification.attempts >= ATTEMPTS:
        _step(_locked(notification), NotificationStatus.GIVEN_UP, last_error=error)
        return
    again_at = timezone.now() + pause_after(notification.attempts)
    waiting = Notification.objects.filter(pk=notification.pk, status=NotificationStatus.WAITING)
    waiting.update(due_at=again_at, last_error=error)


@retried_atomic
def try_again(*, notification: Notification, by: User | System) -> None:
    """Queue a given-up notification again with a full set of attempts; refuses one whose text is deleted."""
    require(by, "notifications.change_notification")
    row = _locked(notification)
    if row.status == NotificationStatus.GIVEN_UP and not row.body:
        raise TextForgotten
    _step(row, NotificationStatus.WAITING, due_at=timezone.now(), attempts=0)


def forget_texts() -> int:
    """Delete the texts of old notifications; the rows themselves stay."""
    old = Notification.objects.to_forget()
    return old.update(subject="", body="", calendar="", due_at=None) if old.exists() else 0


def _locked(notification: Notification) -> Notification:
    return lock_row(Notification.objects.all(), pk=notification.pk)


def _step(row: Notification, wanted: str, **changes) -> None:
    kept = timezone.now() + timedelta(days=settings.NOTIFICATIONS["keep_text_days"])
    move(row, wanted, **{"due_at": kept} | changes)
