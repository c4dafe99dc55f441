from datetime import UTC, datetime

from audit.capture.context import Source
from audit.capture.recorder import describe_actor
from audit.models import Anomaly


def report(rule: str, *, by, patient_id: int, at: datetime, until: datetime) -> Anomaly:
    """Put something that a person did into the review queue at once, without a search of the log."""
    return Anomaly.objects.create(
        key=f"{rule}:{by.pk}:{at.astimezone(UTC):%Y%m%dT%H%M%S%f}:{patient_id}",
        rule=rule,
        actor=by,
        actor_label=describe_actor(by, Source.ADMIN)["actor_label"],
        patient_id=patient_id,
        begins_at=at,
        ends_at=until,
        count=1,
    )
