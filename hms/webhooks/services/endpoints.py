"""Registers addresses, changes their secrets, and switches them on and off."""

from contextlib import suppress
from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from audit.capture.recorder import record_event
from audit.models import Action
from hms.core.ciphers import cipher_for
from hms.core.locks import lock_first, lock_row, lock_rows
from hms.core.rights import System, require, require_to_delete, require_to_save
from hms.core.states import move
from hms.core.transactions import retried_atomic
from hms.notifications.services import queue_notification
from hms.notifications.statuses import Kind
from hms.webhooks.addresses import parse, resolve
from hms.webhooks.exceptions import TooManyEndpoints
from hms.webhooks.models import Delivery, Endpoint
from hms.webhooks.services.writing import write_delivery
from hms.webhooks.signing import new_secret
from hms.webhooks.statuses import DeliveryStatus, EndpointStatus, Event, WhyDisabled

BOTH_SIGN_FOR = timedelta(days=1)
MOST_ENDPOINTS = 50
PURPOSE = "hms.webhooks"


def save_endpoint(*, endpoint: Endpoint, to: EndpointStatus | None = None, by: User | System) -> str:
    """Save name, address and events; returns the secret of a new one, which nobody sees later.

    With `to`, also enables or disables one that is there. Refuses with `AddressRefused` an address that may
    not be asked. The name is looked up before anything is locked.
    """
    require_to_save(by, endpoint)
    stored = Endpoint.objects.filter(pk=endpoint.pk).values_list("url", flat=True).first()
    if endpoint.url != stored:
        resolve(parse(endpoint.url))
    if stored is None:
        return _save_new(endpoint=endpoint, by=by)
    return _save_old(endpoint=endpoint, to=to, by=by)


@retried_atomic
def _save_new(*, endpoint: Endpoint, by: User | System) -> str:  # noqa: ARG001 - the log reads it
    # Near the limit there are rows, so that whoever adds one at the same time waits here.
    if len(lock_rows(Endpoint.objects.order_by("pk"))) >= MOST_ENDPOINTS:
        raise TooManyEndpoints(count=MOST_ENDPOINTS)
    secret = new_secret()
    endpoint.secret = _encrypted(secret)
    endpoint.full_clean()
    endpoint.save(force_insert=True)
    return secret


@retried_atomic
def _save_old(*, endpoint: Endpoint, to: EndpointStatus | None, by: User | System) -> str:
    stored = lock_row(Endpoint.objects.all(), pk=endpoint.pk)
    endpoint.full_clean()
    columns = ["name", "url", "events"]
    if endpoint.url != stored.url:
        columns += _refresh(endpoint)
    endpoint.save(update_fields=columns)
    if to is not None:
        switch_endpoint(endpoint=endpoint, to=to, by=by)
    return ""


def _refresh(endpoint: Endpoint) -> list[str]:
    """Forget how it has answered; returns the columns to save."""
    endpoint.failures, endpoint.failing_since, endpoint.rests_until = 0, None, None
    return ["failures", "failing_since", "rests_until"]


@retried_atomic
def rotate_secret(*, endpoint: Endpoint, by: User | System) -> str:
    """A new secret, returned once; the one before also signs for another day, older ones no longer."""
    require(by, "webhooks.change_endpoint")
    row = lock_row(Endpoint.objects.all(), pk=endpoint.pk)
    secret = new_secret()
    row.old_secret, row.secret = row.secret, _encrypted(secret)
    row.old_secret_until = timezone.now() + BOTH_SIGN_FOR
    row.save(update_fields=["old_secret", "secret", "old_secret_until"])
    return secret


def secrets_of(endpoint: Endpoint) -> list[str]:
    """The secrets that sign now, the newest first; none where a lost SECRET_KEY made them unreadable."""
    kept = [endpoint.secret]
    if endpoint.old_secret and endpoint.old_secret_until > timezone.now():
        kept.append(endpoint.old_secret)
    secrets = []
    for secret in kept:
        with suppress(InvalidToken):
            secrets.append(cipher_for(PURPOSE).decrypt(secret.encode()).decode())
    return secrets


@retried_atomic
def disable_endpoint(*, endpoint: Endpoint, by: User | System) -> Endpoint:
    """Send nothing to it any longer and queue nothing more; what waits is kept."""
    require(by, "webhooks.change_endpoint")
    row = lock_row(Endpoint.objects.all(), pk=endpoint.pk)
    move(row, EndpointStatus.DISABLED, disabled_because=WhyDisabled.BY_HAND)
    return row


@retried_atomic
def disable_and_tell(*, endpoint: Endpoint, because: str, by: User | System) -> None:
    """Disable an active address because of its answers, and tell the administrators."""
    require(by, "webhooks.change_endpoint")
    row = lock_row(Endpoint.objects.all(), pk=endpoint.pk)
    if row.status == EndpointStatus.DISABLED:
        return
    move(row, EndpointStatus.DISABLED, disabled_because=because)
    moment = timezone.now().timestamp()
    for user in User.objects.administrators().order_by("pk"):
        queue_notification(
            kind=Kind.WEBHOOK_DISABLED,
            to=user.email,
            patient=None,
            reader=None,
            context={"endpoint": row, "site": settings.SITE_ADDRESS},
            key=f"webhook/{row.reference}/{moment:.0f}/{user.pk}",
        )


@retried_atomic
def enable_endpoint(*, endpoint: Endpoint, by: User | System) -> Endpoint:
    """Send to it again, also what has waited meanwhile, each for another day."""
    require(by, "webhooks.change_endpoint")
    row = lock_row(Endpoint.objects.all(), pk=endpoint.pk)
    move(row, EndpointStatus.ACTIVE, disabled_because="")
    row.save(update_fields=_refresh(row))
    waiting = row.deliveries.filter(status=DeliveryStatus.WAITING)
    waiting.update(due_at=timezone.now(), attempts=0, tried_since=None)
    return row


def switch_endpoint(*, endpoint: Endpoint, to: EndpointStatus, by: User | System) -> Endpoint:
    """Enable or disable it."""
    switch = enable_endpoint if to == EndpointStatus.ACTIVE else disable_endpoint
    return switch(endpoint=endpoint, by=by)


@retried_atomic
def delete_endpoint(*, endpoint: Endpoint, by: User | System) -> None:
    """Forget the address with its deliveries; the log keeps that it was there.

    Events of other transactions wait for it, and then are not queued.
    """
    require_to_delete(by, endpoint)
    if row := lock_first(Endpoint.objects.filter(pk=endpoint.pk)):
        row.delete()


@retried_atomic
def send_test(*, endpoint: Endpoint, by: User | System) -> Delivery:
    """Queue an event that says nothing; also sent while the address is disabled."""
    require(by, "webhooks.change_endpoint")
    facts = {"kind": "webhook", "ref": endpoint.reference, "status": endpoint.status}
    test = write_delivery(endpoint, Event.TEST, facts)
    record_event(Action.UPDATE, obj=endpoint, details={"test_sent": test.reference})
    return test


def _encrypted(secret: str) -> str:
    return cipher_for(PURPOSE).encrypt(secret.encode()).decode()
