"""Puts an entry into words: labels, names of choices, the hospital's time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from audit.capture.registry import registration_of
from audit.capture.values import without_fingerprint
from audit.models import AuditEvent

NOTHING = "—"
LINKS = ("removed", "added")  # names of linked rows in the details of a change


@dataclass(frozen=True)
class Line:
    """One column of the record, as it was and as it is."""

    label: str
    before: str
    after: str


def lines_of(event: AuditEvent, *, with_private: bool) -> Iterator[Line]:
    """The changed columns; without their values where those are private, for auditors."""
    model = model_of(event)
    changes = event.changes if with_private else changes_for_auditors(event)
    for name, (before, after) in changes.items():
        field = _field(model, name)
        label = capfirst(str(field.verbose_name)) if field is not None else name
        if field is not None and field.is_relation and _names_links(event, name):
            yield Line(label, *(_text(event.details[which]) for which in LINKS))
        else:
            yield Line(label, _readable(field, before), _readable(field, after))


def changes_for_auditors(event: AuditEvent) -> dict:
    """The changes of an entry, in which private values only say that there was one."""
    model = model_of(event)
    return {
        name: [_concealed(value) for value in pair] if _is_private(model, name) else pair
        for name, pair in event.changes.items()
    }


def _is_private(model: type[models.Model] | None, name: str) -> bool:
    field = _field(model, name)
    asked = getattr(model, "is_private_in_log", None)
    return field is not None and asked is not None and asked(field)


def _concealed(value: Any) -> str | None:
    return None if value is None or value == "" else _("(not shown)")


def _names_links(event: AuditEvent, name: str) -> bool:
    """Whether the entry has the names of linked rows that were removed and added in this column."""
    registration = registration_of(model_of(event))
    is_about_it = len(event.changes) == 1 or (registration is not None and name in registration.access)
    return is_about_it and all(which in event.details for which in LINKS)


def details_of(event: AuditEvent) -> list[tuple[str, str]]:
    """The details by name, except those that are shown elsewhere."""
    shown = {"patients", *LINKS} if event.changes else {"patients"}
    known = {name: value for name, value in event.details.items() if name not in shown}
    names = {"view": _("Page"), "search": _("Searched for"), "shown": _("Rows shown")}
    names |= {"filter": _("Filter"), "people": _("Logins shown, by key")}
    return [(names.get(name, name), _text(_kinds(name, value))) for name, value in sorted(known.items())]


def _kinds(name: str, value: Any) -> Any:
    """Labels of models as people read them."""
    return {_kind(label): count for label, count in value.items()} if name in ("shown", "people") else value


def seen_of(event: AuditEvent) -> str:
    """The page and the search of an access; empty for other entries."""
    search = event.details.get("search")
    words = _("“%(words)s”") % {"words": search} if search else ""
    return ", ".join(filter(None, [str(event.details.get("view", "")), words]))


def labels_of(event: AuditEvent) -> list[str]:
    """The names of the changed columns."""
    model = model_of(event)
    fields = ((name, _field(model, name)) for name in event.changes)
    return [str(field.verbose_name) if field is not None else name for name, field in fields]


def kind_of(event: AuditEvent) -> str:
    """The model's verbose name; its label if the model no longer exists."""
    return _kind(event.model)


def _kind(label: str) -> str:
    model = model_named(label)
    return str(model._meta.verbose_name) if model else label


def model_of(event: AuditEvent) -> type[models.Model] | None:
    return model_named(event.model)


def model_named(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _field(model: type[models.Model] | None, name: str) -> models.Field | None:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _readable(field: models.Field | None, value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field is None or isinstance(value, list | dict):
        return _text(value)
    if field.is_relation:
        return f"#{value}"
    value = without_fingerprint(value)
    return _moment(field, value) or str(dict(field.flatchoices).get(value, value))


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_text(inner)}" for name, inner in value.items()) or NOTHING
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or NOTHING
    return str(value)


def _moment(field: models.Field, value: Any) -> str | None:
    """A date, or a time in the hospital's zone with seconds; None for others, and where it is not shown."""
    if isinstance(field, models.DateTimeField):
        moment = parse_datetime(value)
        return date_format(timezone.localtime(moment), "j M Y g:i:s A T") if moment else None
    day = parse_date(value) if isinstance(field, models.DateField) else None
    return date_format(day, "j M Y") if day else None
