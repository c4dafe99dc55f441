"""One day of the log as the rules see it: who read or changed whose record."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from audit.capture.context import Source
from audit.evidence.retention import READS
from audit.models import Action, AuditEvent, AuditSubject, Outcome
from hms.core.days import midnight

ACCESSES = (*READS, Action.CREATE, Action.UPDATE, Action.DELETE)
COLUMNS = (
    *("pk", "recorded_at", "actor_id", "actor_label", "actor_roles", "source", "outcome", "patient_id"),
    *("action", "model", "object_pk"),
)


@dataclass(frozen=True)
class Access:
    """One entry; `patient_id` if it concerns one patient, `patients` are all that it shows."""

    event_id: int
    at: datetime
    actor_id: int
    actor_label: str
    roles: frozenset[str]
    source: str
    outcome: str
    patient_id: int | None
    patients: tuple[int, ...]
    action: str = ""
    model: str = ""
    object_pk: str = ""

    @property
    def is_in_staff_site(self) -> bool:
        return self.source == Source.ADMIN

    @property
    def is_refused(self) -> bool:
        return self.outcome == Outcome.REFUSED

    @property
    def is_of_one_patient(self) -> bool:
        return self.patient_id is not None and not self.is_refused


def accesses_on(day: date) -> list[Access]:
    """The accesses of a day by logged-in people, in order of time; two queries.

    Reading the log itself is left out, so reviewers are not findings of their own.
    """
    events = AuditEvent.objects.filter(
        recorded_at__gte=midnight(day),
        recorded_at__lt=midnight(day + timedelta(days=1)),
        action__in=ACCESSES,
        actor__isnull=False,
    ).exclude(model=AuditEvent._meta.label_lower)
    rows = list(events.order_by("recorded_at", "pk").values_list(*COLUMNS))
    shown = _shown([row[0] for row in rows])
    return [_access(row, shown) for row in rows]


def _shown(keys: list[int]) -> dict[int, list[int]]:
    """Patients by entry; keys are in order of time, so a range of keys is the day."""
    shown: dict[int, list[int]] = defaultdict(list)
    if keys:
        subjects = AuditSubject.objects.filter(event_id__gte=min(keys), event_id__lte=max(keys))
        for event_id, patient_id in subjects.values_list("event_id", "patient_id").iterator():
            shown[event_id].append(patient_id)
    return shown


def _access(row: tuple, shown: dict[int, list[int]]) -> Access:
    pk, at, actor_id, label, roles, source, outcome, patient_id, *what = row
    patients = tuple(shown.get(pk, ())) or ((patient_id,) if patient_id is not None else ())
    names = frozenset(roles.split(", ")) if roles else frozenset()
    return Access(pk, at, actor_id, label, names, source, outcome, patient_id, patients, *what)
