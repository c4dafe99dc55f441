"""Writes entries in the caller's transaction, with one insert per call or per service."""

import getpass
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.utils import timezone

from audit.capture.context import Source, current
from audit.capture.registry import Registration, registration_of
from audit.capture.storage import BATCH, insert_events
from audit.models import Action, AuditEvent, Outcome
from audit.signing.identifiers import new_key

FROM_CONTEXT = object()


@dataclass(frozen=True)
class _Collected:
    """Entries held back in a block, and the transaction or savepoint that the block is in."""

    level: tuple
    events: list[AuditEvent] = field(default_factory=list)


_collected: ContextVar[_Collected | None] = ContextVar("audit_collected", default=None)


@dataclass(frozen=True)
class Subject:
    """The row that an entry is about."""

    model: str = ""
    pk: Any = ""
    name: str = ""
    patient_id: int | None = None

    @classmethod
    def of(cls, instance: models.Model) -> "Subject":
        """From an instance, registered or not; costs no query if the patient is a column of it."""
        registration = registration_of(instance.__class__)
        if registration is None:
            return cls(instance._meta.concrete_model._meta.label_lower, instance.pk)
        return cls(
            registration.label,
            instance.pk,
            getattr(instance, registration.name_field.attname),
            registration.patient_of(instance),
        )

    @classmethod
    def of_row(cls, registration: Registration, row: dict) -> "Subject":
        """From a row that was read with `registration.columns()`."""
        patient = row[registration.patient] if registration.patient else None
        return cls(registration.label, row["pk"], row[registration.name_field.attname], patient)


@dataclass(frozen=True)
class Entry:
    """An entry without its circumstances."""

    action: str
    subject: Subject
    changes: dict[str, list] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    outcome: str = Outcome.DONE


def write(
    entries: Iterable[Entry],
    *,
    using: str | None = None,
    reason: str = "",
    actor: Any = FROM_CONTEXT,
    at_once: bool = False,
) -> list[AuditEvent]:
    """Write the entries with the current circumstances, at once or with the block's insert.

    Pass `at_once` if the key is needed: it is final only once the entry is inserted.
    """
    entries = list(entries)
    if not entries:
        return []
    given = circumstances(actor, reason)
    events = [event_of(entry, given) for entry in entries]
    collected = _collected.get()
    if at_once or collected is None or collected.level != _level(using):
        insert_events(events, using)
    else:
        collected.events.extend(events)
        if len(collected.events) >= BATCH:
            _insert_collected(collected, using)
    return events


@contextmanager
def one_insert(using: str | None = None) -> Iterator[None]:
    """Hold entries back within the block and insert them at its end.

    Only for blocks that roll back as a whole or not at all. Entries under a savepoint within the block
    are inserted at once, because the savepoint may roll back alone.
    """
    outer, level = _collected.get(), _level(using)
    if outer is not None and outer.level == level:
        yield
        return
    collected = _Collected(level)
    token = _collected.set(collected)
    try:
        yield
    finally:
        _collected.reset(token)
    _insert_collected(collected, using)


def _insert_collected(collected: _Collected, using: str | None) -> None:
    """Insert the held entries, unless the transaction will be rolled back."""
    if not connections[using or DEFAULT_DB_ALIAS].needs_rollback:
        insert_events(collected.events, using)
    collected.events.clear()


def _level(using: str | None) -> tuple:
    """The open transaction and savepoints; atomic blocks without a savepoint add None."""
    connection = connections[using or DEFAULT_DB_ALIAS]
    return connection.alias, connection.in_atomic_block, *filter(None, connection.savepoint_ids)


def record_event(
    action: str,
    *,
    obj: models.Model | None = None,
    subject: Subject | None = None,
    details: dict | None = None,
    changes: dict | None = None,
    reason: str = "",
    outcome: str = Outcome.DONE,
    actor: Any = FROM_CONTEXT,
    at_once: bool = False,
) -> AuditEvent:
    """Log what is not a write: a login, an export, a read, a refused access."""
    subject = subject or (Subject.of(obj) if obj is not None else Subject())
    entry = Entry(action, subject, _plain(changes), details or {}, outcome)
    return write([entry], reason=reason, actor=actor, at_once=at_once)[0]


def record_denied(
    request, model: type[models.Model], key: Any, *, patient_id: int | None = None
) -> AuditEvent:
    """Log a request for a row of `model` that the person may not see; `key` is what was asked for."""
    subject = Subject(model._meta.concrete_model._meta.label_lower, "", key, patient_id)
    return record_event(
        Action.READ,
        subject=subject,
        outcome=Outcome.REFUSED,
        actor=getattr(request, "user", None),
    )


def event_of(entry: Entry, given: dict) -> AuditEvent:
    subject = entry.subject
    values = given | {
        "id": new_key(),
        "action": str(entry.action),
        "outcome": str(entry.outcome),
        "model": subject.model,
        "object_pk": _cut("object_pk", subject.pk),
        "object_repr": _cut("object_repr", subject.name),
        "patient_id": None if subject.patient_id is None else int(subject.patient_id),
        "changes": entry.changes,
        "details": _plain(current().extra | entry.details),
        "key_version": 0,
        "mac": "",
    }
    return AuditEvent(*map(values.__getitem__, _names()))  # positional arguments take a third of the time


@cache
def _names() -> tuple[str, ...]:
    return tuple(field.attname for field in AuditEvent._meta.concrete_fields)


def circumstances(actor: Any = FROM_CONTEXT, reason: str = "") -> dict:
    context = current()
    user = context.who() if actor is FROM_CONTEXT else actor
    return {
        "recorded_at": timezone.now(),
        **describe_actor(user, context.source),
        "on_behalf_of": _cut("on_behalf_of", context.on_behalf_of),
        "source": context.source,
        "origin": _cut("origin", context.origin),
        "address": context.address,
        "request_id": context.request_id,
        "reason": _cut("reason", reason or context.reason),
    }


def describe_actor(user, source: str) -> dict:
    """The person's id, name and roles as they are now; without one, the login that runs the process.

    Roles are looked up for staff only, once per user object.
    """
    if user is None or not user.is_authenticated:
        by_process = source in {Source.COMMAND, Source.SHELL, Source.TASK}
        label = system_login() if by_process else ""
        return {"actor_id": None, "actor_label": label, "actor_roles": ""}
    roles = sorted(getattr(user, "role_names", ())) if user.is_staff else []
    if user.is_superuser:
        roles.append("superuser")
    label = f"{user.get_full_name()} ({user.get_username()})"
    return {
        "actor_id": user.pk,
        "actor_label": _cut("actor_label", label),
        "actor_roles": _cut("actor_roles", ", ".join(roles)),
    }


@cache
def system_login() -> str:
    """The operating system's login that runs this process."""
    try:
        return f"system: {getpass.getuser()}"
    except (KeyError, OSError):  # a container may run as a user id without a name
        return "system"


@cache
def _length(column: str) -> int:
    return AuditEvent._meta.get_field(column).max_length


def _cut(column: str, value: Any) -> str:
    return str(value)[: _length(column)]


def _plain(content: dict | None) -> dict:
    """The content as the database returns it, because the hash covers that."""
    return json.loads(json.dumps(content)) if content else {}
