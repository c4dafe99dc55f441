from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.capture.querysets import AuditedQuerySet
from hms.webhooks.statuses import DeliveryStatus, EndpointStatus, Event


class EndpointQuerySet(AuditedQuerySet):
    def active(self) -> "EndpointQuerySet":
        return self.filter(status=EndpointStatus.ACTIVE)


class DeliveryQuerySet(QuerySet):
    def to_send(self) -> "DeliveryQuerySet":
        """What is due, the longest due first; to an address that is disabled or rests, tests alone."""
        now = timezone.now()
        awake = Q(endpoint__rests_until=None) | Q(endpoint__rests_until__lte=now)
        wanted = Q(awake, endpoint__status=EndpointStatus.ACTIVE) | Q(event=Event.TEST)
        due = self.filter(wanted, status=DeliveryStatus.WAITING, due_at__lte=now)
        return due.select_related("endpoint").order_by("due_at", "pk")
