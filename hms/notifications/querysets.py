from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.names import tidy_email
from accounts.querysets import PatientOwnedQuerySet
from hms.notifications.statuses import NotificationStatus

# How long the desk is shown that a message did not arrive.
SHOWN_UNDELIVERED = timedelta(days=60)


class NotificationQuerySet(PatientOwnedQuerySet):
    def matching(self, text: str) -> "NotificationQuerySet":
        """Notifications by recipient address, by reference, or by the patient they are about."""
        text = text.strip()
        if "@" in text:
            return self.filter(recipient=tidy_email(text))
        found = self.filter(reference=text.upper())
        if found.exists():
            return found
        return super().matching(text)

    def to_send(self, channel: str) -> "NotificationQuerySet":
        """Waiting notifications of the channel that are due, the longest due first."""
        waiting = self.filter(status=NotificationStatus.WAITING, channel=channel, due_at__lte=timezone.now())
        return waiting.select_related("patient").order_by("due_at", "pk")

    def to_forget(self) -> "NotificationQuerySet":
        """Finished notifications whose text is past its retention time."""
        done = (NotificationStatus.SENT, NotificationStatus.GIVEN_UP, NotificationStatus.OUTDATED)
        return self.filter(status__in=done, due_at__lte=timezone.now())

    def undelivered(self) -> "NotificationQuerySet":
        """Given up of late, with nothing sent to the same address since; the last first."""
        later = self.model.objects.filter(
            status=NotificationStatus.SENT,
            recipient=OuterRef("recipient"),
            sent_at__gt=OuterRef("created_at"),
        )
        given_up = self.filter(
            status=NotificationStatus.GIVEN_UP, created_at__gte=timezone.now() - SHOWN_UNDELIVERED
        )
        return given_up.exclude(Exists(later.order_by())).order_by("-created_at", "-pk")


class VisitEventQuerySet(QuerySet):
    def waiting(self) -> "VisitEventQuerySet":
        """Events that are due and of which no messages have been written, the longest due first."""
        return self.filter(done_at=None, due_at__lte=timezone.now()).order_by("due_at", "pk")
