"""Auditors close and reopen anomalies, each time with a note."""

from django.db import transaction
from django.utils import timezone

from audit.anomalies.registry import label_of
from audit.capture.recorder import Subject, record_event
from audit.exceptions import NoteMissing, NotYourAnomaly, StillGoingOn
from audit.models import Action, Anomaly
from audit.statuses import AnomalyStatus
from hms.core.locks import lock_row
from hms.core.rights import acting
from hms.core.states import move


def close_anomaly(*, anomaly: Anomaly, outcome: AnomalyStatus, note: str, by) -> Anomaly:
    """Close with an outcome.

    Refuses a missing note, a closed anomaly, one that is still going on, and the person it is about.
    """
    if anomaly.ends_at > timezone.now():
        raise StillGoingOn
    return _decide(anomaly, AnomalyStatus(outcome), note, by)


def reopen_anomaly(*, anomaly: Anomaly, note: str, by) -> Anomaly:
    """Reopen; refuses likewise."""
    return _decide(anomaly, AnomalyStatus.OPEN, note, by)


@transaction.atomic
def _decide(anomaly: Anomaly, status: AnomalyStatus, note: str, by) -> Anomaly:
    anomaly = lock_row(Anomaly.objects.all(), pk=anomaly.pk)
    if not acting(by).has_perm("audit.review_anomaly") or anomaly.actor_id == by.pk:
        raise NotYourAnomaly
    note = note.strip()
    if not note:
        raise NoteMissing
    changes = {"status": [anomaly.status, status.value], "note": [anomaly.note, note]}
    move(anomaly, status, note=note, reviewed_by=by, reviewed_at=timezone.now())
    subject = Subject(Anomaly._meta.label_lower, anomaly.pk, label_of(anomaly.rule))
    record_event(Action.UPDATE, subject=subject, changes=changes, actor=by)
    return anomaly
