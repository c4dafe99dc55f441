"""How long entries are kept: by category, and under legal holds. Unlisted actions count as writes."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from audit.capture.recorder import FROM_CONTEXT, Subject, record_event
from audit.evidence.entries import Row
from audit.exceptions import HoldIsReleased
from audit.models import Action, AuditHold
from hms.core.locks import lock_row
from hms.core.transactions import retried_atomic

READS = (Action.READ, Action.SEARCH, Action.PRINT, Action.DOWNLOAD, Action.EXPORT)
LOGINS = (Action.LOGIN, Action.LOGIN_FAILED, Action.LOGOUT)
WRITES = tuple(action for action in Action if action not in {*READS, *LOGINS})
CATEGORIES = {
    name: tuple(action.value for action in actions)
    for name, actions in {"writes": WRITES, "reads": READS, "logins": LOGINS}.items()
}


def kept_from(category: str) -> datetime:
    """Entries of the category from before this moment may be archived."""
    now, years = timezone.now(), settings.AUDIT_RETENTION[category]
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=now.year - years, day=day)


@retried_atomic
def place_hold(
    *,
    reason: str,
    patient_id: int | None = None,
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
    by=FROM_CONTEXT,
) -> AuditHold:
    """Keep the entries of a patient, of a period, or both; refuses a missing reason."""
    hold = AuditHold(patient_id=patient_id, begins_at=begins_at, ends_at=ends_at, reason=reason)
    hold.full_clean()
    hold.save()
    _log(hold, "placed", by)
    return hold


@retried_atomic
def release_hold(*, hold: AuditHold, by=FROM_CONTEXT) -> AuditHold:
    """End a hold; refuses one that was released before."""
    hold = lock_row(AuditHold.objects.all(), pk=hold.pk)
    if hold.released_at is not None:
        raise HoldIsReleased
    hold.released_at = timezone.now()
    hold.save(update_fields=["released_at"])
    _log(hold, "released", by)
    return hold


def held_by_any() -> Callable[[Row], bool]:
    """A test whether one of the holds in force keeps an entry."""
    holds = list(AuditHold.objects.in_force())

    def is_held(row: Row) -> bool:
        return any(_keeps(hold, row) for hold in holds)

    return is_held


def _keeps(hold: AuditHold, row: Row) -> bool:
    return (
        hold.patient_id in {None, row["patient_id"], *row["details"].get("patients", ())}
        and (hold.begins_at is None or hold.begins_at <= row["recorded_at"])
        and (hold.ends_at is None or row["recorded_at"] <= hold.ends_at)
    )


def _log(hold: AuditHold, what: str, by) -> None:
    subject = Subject(AuditHold._meta.label_lower, hold.pk, hold.reason, hold.patient_id)
    span = {"from": hold.begins_at, "until": hold.ends_at}
    details = {name: moment.isoformat() for name, moment in span.items() if moment}
    record_event(
        Action.SETTINGS_CHANGE, subject=subject, details={"what": f"hold {what}"} | details, actor=by
    )
