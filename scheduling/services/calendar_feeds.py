"""Making and revoking private addresses for calendar programs."""

import secrets
from hashlib import sha256

from django.utils import timezone

from accounts.models import User
from hms.core.locks import lock_row
from hms.core.refusals import NotAllowed
from hms.core.transactions import retried_atomic
from scheduling.exceptions import TooManyFeeds
from scheduling.models import CalendarFeed, Doctor
from scheduling.statuses import FeedKind

MOST_FEEDS = 5
KEY_BYTES = 32


@retried_atomic
def make_feed(
    *, kind: str, shows_names: bool = False, idempotency_key: str | None = None, by: User
) -> tuple[CalendarFeed, str]:
    """A new feed and the key in its address, which nobody can read later.

    Repeating the idempotency key returns the first feed and an empty key. Refuses more than `MOST_FEEDS` of a
    login, and doctors' feeds to others.
    """
    lock_row(User.objects.only("pk"), pk=by.pk)
    first = CalendarFeed.objects.filter(user=by, idempotency_key=idempotency_key).first()
    if first is not None and idempotency_key:
        return first, ""
    if kind not in kinds_for(by):
        raise NotAllowed
    if CalendarFeed.objects.visible_to(by).open().count() >= MOST_FEEDS:
        raise TooManyFeeds(limit=MOST_FEEDS)
    key = secrets.token_urlsafe(KEY_BYTES)
    feed = CalendarFeed(
        user=by, kind=kind, shows_names=shows_names, key_hash=hash_of(key), idempotency_key=idempotency_key
    )
    feed.save(force_insert=True)
    return feed, key


@retried_atomic
def revoke_feed(*, feed: CalendarFeed, by: User) -> CalendarFeed:
    """End a feed of one's own at once; a second call changes nothing."""
    feed = lock_row(CalendarFeed.objects.all(), pk=feed.pk)
    if feed.user_id != by.pk:
        raise NotAllowed
    if feed.revoked_at is None:
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
    return feed


def feed_with(key: str) -> CalendarFeed | None:
    """The open feed of a login in use that has this key."""
    open_feeds = CalendarFeed.objects.open().filter(user__is_active=True)
    return open_feeds.filter(key_hash=hash_of(key)).select_related("user").first()


def kinds_for(user: User) -> list[FeedKind]:
    """What the login can subscribe to: the visits of those it cares for, and a doctor the own day."""
    is_doctor = Doctor.objects.filter(user=user).exists()
    return [FeedKind.CARE, FeedKind.DOCTOR] if is_doctor else [FeedKind.CARE]


def hash_of(key: str) -> str:
    """Of 256 bits of chance, which need neither salt nor a slow hash."""
    return sha256(key.encode()).hexdigest()
