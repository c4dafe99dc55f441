"""Queues events and records what receivers answer; `hms.webhooks.sending` sends them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.models import User
from audit.capture.recorder import record_event
from audit.models import Action
from hms.core.locks import lock_first, lock_row
from hms.core.outbox import pause_after
from hms.core.prepared import PreparedQuery
from hms.core.rights import SYSTEM, System, require
from hms.core.states import move
from hms.core.transactions import retried_atomic
from hms.webhooks.models import Delivery, Endpoint
from hms.webhooks.services.endpoints import disable_and_tell
from hms.webhooks.services.writing import write_delivery
from hms.webhooks.statuses import DeliveryStatus, WhyDisabled, topics_of
from hms.webhooks.transport import Answer

PATIENCE = timedelta(days=1)
GONE = 410
# After so many failures in a row, of whatever is sent, an address rests for growing pauses.
FAILURES_BEFORE_REST = 3
LONGEST_REST = timedelta(hours=1)
DELETED_AT_ONCE = 1_000
ACTIVE = PreparedQuery(lambda _parameter: Endpoint.objects.active())  # there are few: Python compares


def queue_event(*, event: str, facts: Callable[[], Mapping[str, str]]) -> None:
    """Write a delivery for each address that is registered for the event, in the transaction of the event."""
    topics = topics_of(event)
    endpoints = [endpoint for endpoint in ACTIVE.objects() if topics & set(endpoint.events)]
    if endpoints:
        _write_all(endpoints, event, facts())


@retried_atomic
def _write_all(endpoints: list[Endpoint], event: str, facts: Mapping[str, str]) -> None:
    for endpoint in endpoints:
        try:
            with transaction.atomic():
                write_delivery(endpoint, event, facts)
        except IntegrityError:  # deleted since it was read: a booking does not fail because of it
            if Endpoint.objects.filter(pk=endpoint.pk).exists():
                raise


@retried_atomic
def note_answer(*, delivery: Delivery, answer: Answer) -> None:
    """Record how an attempt ended; changes nothing about what has been delivered or deleted meanwhile."""
    endpoint = lock_first(Endpoint.objects.filter(pk=delivery.endpoint_id))
    row = lock_first(Delivery.objects.filter(pk=delivery.pk))
    if endpoint is None or row is None or row.status != DeliveryStatus.WAITING:
        return
    row.answer, row.error = answer.status or None, answer.error
    if answer.is_accepted:
        _accepted(endpoint, row)
    else:
        _failed(endpoint, row, is_gone=answer.status == GONE, asked=min(answer.pause, LONGEST_REST))


def _accepted(endpoint: Endpoint, row: Delivery) -> None:
    now = timezone.now()
    move(row, DeliveryStatus.DELIVERED, delivered_at=now, due_at=None, answer=row.answer, error="")
    _save(endpoint, last_success_at=now, failures=0, failing_since=None, rests_until=None)


def _failed(endpoint: Endpoint, row: Delivery, *, is_gone: bool, asked: timedelta) -> None:
    """`asked` is the pause that the receiver wants, in which nothing is sent to it."""
    now, failures = timezone.now(), endpoint.failures + 1
    since = endpoint.failing_since or max(row.tried_since, endpoint.last_success_at or row.tried_since)
    rest = rest_after(failures, since, now, asked)
    _save(endpoint, failures=failures, failing_since=since, rests_until=rest)
    ends_at = row.tried_since + PATIENCE
    if is_gone or now >= ends_at:
        move(row, DeliveryStatus.GIVEN_UP, due_at=None, answer=row.answer, error=row.error)
    else:
        due_at = min(now + max(pause_after(row.attempts), asked), ends_at)
        _save(row, due_at=due_at, answer=row.answer, error=row.error)
    if is_gone:
        disable_and_tell(endpoint=endpoint, because=WhyDisabled.GONE, by=SYSTEM)
    elif now >= since + PATIENCE:
        disable_and_tell(endpoint=endpoint, because=WhyDisabled.FAILED_FOR_A_DAY, by=SYSTEM)


def rest_after(
    failures: int, since: datetime, now: datetime, asked: timedelta = timedelta(0)
) -> datetime | None:
    """Until when an address is left alone that fails at whatever is sent, so that others get their turn."""
    over = failures - FAILURES_BEFORE_REST
    rest = max(asked, min(pause_after(over), LONGEST_REST) if over >= 0 else timedelta(0))
    return min(now + rest, max(since + PATIENCE, now)) if rest else None


def _save(row: models.Model, **changes) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))


@retried_atomic
def send_again(*, delivery: Delivery, by: User | System) -> Delivery:
    """Queue what was delivered or given up once more, under its old id; refuses what is waiting."""
    require(by, "webhooks.change_endpoint")
    row = lock_row(Delivery.objects.all(), pk=delivery.pk)
    record_event(Action.UPDATE, obj=delivery.endpoint, details={"sent_again": row.reference})
    fresh = {"attempts": 0, "tried_since": None, "delivered_at": None}
    move(row, DeliveryStatus.WAITING, due_at=timezone.now(), **fresh)
    return row


def forget_old() -> int:
    """Delete old deliveries, and secrets that no longer sign; returns how many deliveries."""
    now = timezone.now()
    spent = Endpoint.objects.exclude(old_secret="").filter(old_secret_until__lte=now)
    if spent.exists():
        spent.update(old_secret="", old_secret_until=None)
    kept = timedelta(days=settings.WEBHOOKS["keep_days"])
    old = Delivery.objects.filter(created_at__lte=now - kept).order_by("pk")
    keys = list(old.values_list("pk", flat=True)[:DELETED_AT_ONCE])
    return Delivery.objects.filter(pk__in=keys).delete()[0] if keys else 0
