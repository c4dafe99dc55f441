from django.db.models import Model

from audit.models import AuditEvent
from audit.models.event import WRITES
from audit.reading.search import of_record
from hms.core.edit_conflicts import LastChange


def last_change_of(row: Model) -> LastChange | None:
    """Who changed the row last, according to the log."""
    label = row._meta.concrete_model._meta.label_lower
    events = AuditEvent.objects.filter(of_record(label, row.pk), action__in=WRITES).select_related("actor")
    event = events.order_by("-recorded_at", "-pk").first()
    if event is None:
        return None
    by = event.actor
    name = str(by) if by else event.actor_label
    return LastChange(event.recorded_at, event.actor_id, name, bool(by and by.is_staff))
