from django.utils import timezone

from accounts.names import tidy_email
from accounts.querysets import PatientOwnedQuerySet
from hms.notifications.statuses import NotificationStatus


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

    def to_send(self) -> "NotificationQuerySet":
        """Waiting notifications that are due, the longest due first."""
        waiting = self.filter(status=NotificationStatus.WAITING, due_at__lte=timezone.now())
        return waiting.order_by("due_at", "pk")

    def to_forget(self) -> "NotificationQuerySet":
        """Sent or given-up notifications whose text is past its retention time."""
        done = (NotificationStatus.SENT, NotificationStatus.GIVEN_UP)
        return self.filter(status__in=done, due_at__lte=timezone.now())
