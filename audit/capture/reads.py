"""Who saw whose record, or whose login.

Rows fetched through `visible_to` are noted while a page is made and become one entry when it is sent: a
patient's page, a list or a search in the staff site, an export. A page that cannot be logged is not shown.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models

from audit.capture.recorder import Subject, record_denied, record_event
from audit.capture.registry import Registration, registration_of
from audit.capture.rows import patients_elsewhere, plain_rows
from audit.models import Action, AuditEvent, AuditSubject
from hms.core.inserts import insert_rows
from hms.core.transactions import retried_atomic

# Rows that the current page has read, by registration and primary key.
Seen = dict[Registration, dict[object, models.Model]]
# An entry is not a logged row, but opening it shows its patient's data.
ENTRY = Registration(AuditEvent, "patient_id", frozenset(), frozenset())
_seen: ContextVar[Seen | None] = ContextVar("audit_seen", default=None)


@contextmanager
def noted_reads() -> Iterator[Seen]:
    """Collect the patients' rows that are shown within the block; the caller logs them."""
    seen: Seen = {}
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


def note(rows: Iterable[object]) -> None:
    """Note that these rows are shown; costs no query, and does nothing outside a page."""
    seen = _seen.get()
    if seen is None:
        return
    for row in rows:
        registration = registration_of(type(row)) if isinstance(row, models.Model) else None
        if registration and registration.reads_are_logged:
            seen.setdefault(registration, {}).setdefault(row.pk, row)


def note_entry(event: AuditEvent) -> None:
    """Note that an entry is shown in full, and with it data of its patient."""
    seen = _seen.get()
    if seen is not None and event.patient_id is not None:
        seen.setdefault(ENTRY, {})[event.pk] = event


def reads_are_logged(model: type[models.Model]) -> bool:
    """Whether showing the model's rows is an access that is logged."""
    registration = registration_of(model)
    return bool(registration and registration.reads_are_logged)


def logs_reads(visible_to):
    """Decorate `visible_to(user)`: the rows that it returns are noted when they are fetched."""

    @wraps(visible_to)
    def marked(self, user):
        found = visible_to(self, user)
        if found is self:
            found = self.all()
        found.is_shown = True
        return found

    marked.logs_reads = True
    return marked


def log_reads(
    seen: Seen, action: str = Action.READ, details: dict | None = None, known: Collection[int] = ()
) -> AuditEvent | None:
    """Write one entry for all noted rows except those of `known` patients.

    Its subject is the first row, of a patient if there is one. Rows of people who are not patients are listed
    by key.
    """
    of_patients = {registration: rows for registration, rows in seen.items() if registration.patient}
    found = {pk for registration, rows in of_patients.items() for pk in _patients(registration, rows)}
    patients = sorted(found.difference(known))
    if not patients and (of_patients or not seen):
        return None
    registration, rows = next(iter((of_patients or seen).items()))
    pk, row = next(iter(rows.items()))
    is_one = len(rows) == 1
    subject = Subject(
        registration.label,
        pk if is_one else "",
        row.__dict__.get(registration.name_field.attname, "") if is_one else "",
        patients[0] if len(patients) == 1 else None,
    )
    shown = {each.label: len(found) for each, found in seen.items()}
    people = {each.label: sorted(found) for each, found in seen.items() if not each.patient}
    listed = {"people": people} if people else {}
    return _write(action, subject, {**(details or {}), "shown": shown, "patients": patients, **listed})


@retried_atomic
def _write(action: str, subject: Subject, details: dict) -> AuditEvent:
    event = record_event(action, subject=subject, details=details, at_once=True)
    insert_rows([AuditSubject(event_id=event.pk, patient_id=patient) for patient in details["patients"]])
    return event


def _patients(registration: Registration, rows: dict[object, models.Model]) -> set[int]:
    """The patients of the rows; one query for rows that have them in other tables."""
    at_hand = {pk: _patient_at_hand(registration, row) for pk, row in rows.items()}
    missing = [pk for pk, patient in at_hand.items() if patient is None]
    if missing:
        at_hand |= patients_elsewhere(registration, missing, DEFAULT_DB_ALIAS)
    return {patient for patient in at_hand.values() if patient is not None}


def _patient_at_hand(registration: Registration, row: models.Model) -> int | None:
    *steps, last = registration.patient.split("__")
    for step in steps:
        row = row._state.fields_cache.get(step)
        if row is None:
            return None
    return row.pk if last == "pk" else row.__dict__.get(last)


def log_denied(sender, request, key, field="pk", **_kwargs) -> None:
    """Log a refused access to a row that exists; a mistyped key is not logged."""
    registration = registration_of(sender)
    if registration is None or not registration.reads_are_logged:
        return
    try:
        found = plain_rows(sender, DEFAULT_DB_ALIAS).filter(**{field: key})
        patients = list(found.values_list(registration.patient, flat=True)) if registration.patient else []
        patients = patients or [None] * found.count()
    except (ValueError, ValidationError):
        return
    for patient_id in patients:
        record_denied(request, sender, key, patient_id=patient_id)
