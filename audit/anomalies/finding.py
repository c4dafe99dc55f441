"""Applies the rules to whole days, so that a second search finds the same."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from django.db import transaction
from django.utils import timezone

from audit.anomalies.accesses import Access, accesses_on
from audit.anomalies.registry import Finding, Rule, all_rules
from audit.models import Anomaly
from audit.statuses import AnomalyStatus

# An anomaly lists at most so many entries.
MOST_EVENTS = 500


@dataclass
class Found:
    new: int = 0
    grown: int = 0


def find_anomalies(*, since: date, until: date | None = None) -> Found:
    """Search the days, both included, up to today; known anomalies grow while they are open."""
    found = Found()
    for day in _days(since, min(until or timezone.localdate(), timezone.localdate())):
        accesses = accesses_on(day)
        for rule in all_rules():
            for finding in rule.find(accesses):
                _keep(rule, finding, found)
    return found


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


@transaction.atomic
def _keep(rule: Rule, finding: Finding, found: Found) -> None:
    last = finding.accesses[-1]
    now = {"ends_at": last.at, "count": finding.count, "event_ids": _events(finding.accesses)}
    anomaly, is_new = Anomaly.objects.get_or_create(
        key=key_of(rule, finding),
        defaults={
            "rule": rule.name,
            "actor_id": last.actor_id,
            "actor_label": last.actor_label,
            "patient_id": finding.patient_id,
            "begins_at": finding.begins_at,
            **now,
        },
    )
    found.new += is_new
    if not is_new and anomaly.count < finding.count:
        still_open = Anomaly.objects.filter(pk=anomaly.pk, status=AnomalyStatus.OPEN)
        found.grown += still_open.update(**now)


def key_of(rule: Rule, finding: Finding) -> str:
    begins_at = finding.begins_at.astimezone(UTC)
    about = "" if finding.patient_id is None else finding.patient_id
    return f"{rule.name}:{finding.accesses[0].actor_id}:{begins_at:%Y%m%dT%H%M}:{about}"


def _events(accesses: Iterable[Access]) -> list[int]:
    return [access.event_id for access in accesses][:MOST_EVENTS]
