"""Logs many-to-many fields: keys before and after, and names of the rows added and removed."""

from collections.abc import Iterable

from django.db import models
from django.db.models.signals import m2m_changed

from audit.capture.changes import added_and_removed
from audit.capture.recorder import Entry, Subject, write
from audit.capture.registry import Registration, registration_of
from audit.capture.rows import locked_rows, names_of, parts, plain_rows
from audit.models import Action

_fields: dict[type[models.Model], models.ManyToManyField] = {}


def listen(model: type[models.Model]) -> None:
    for field in model._meta.many_to_many:
        through = field.remote_field.through
        _fields[through] = field
        m2m_changed.connect(log_links, sender=through)


def stop_listening(model: type[models.Model]) -> None:
    for field in model._meta.many_to_many:
        m2m_changed.disconnect(log_links, sender=field.remote_field.through)


def log_links(sender, instance, action, reverse, pk_set, using, **_kwargs) -> None:
    field = _fields[sender]
    registration = registration_of(field.model)
    if registration is None or field.name in registration.exclude:
        return
    moment, _, verb = action.partition("_")
    if moment == "pre":
        instance._links_before = _links(field, instance, reverse, pk_set, using)
        return
    before = instance.__dict__.pop("_links_before")
    other = {instance.pk} if reverse else pk_set or set()
    entries = _entries(registration, field, before, verb, other, using)
    write(entries, using=using)


def _links(field, instance, reverse: bool, pk_set, using: str) -> dict:
    """The linked keys by row, for the affected rows of the model that has the field."""
    through = plain_rows(field.remote_field.through, using)
    own, other = _column(field, "m2m_field_name"), _column(field, "m2m_reverse_field_name")
    if not reverse:
        owners = {instance.pk}
    elif pk_set is None:
        owners = set(through.filter(**{other: instance.pk}).values_list(own, flat=True))
    else:
        owners = pk_set
    found = {owner: set() for owner in owners}
    for some in parts(owners):
        for owner, linked in through.filter(**{f"{own}__in": some}).values_list(own, other):
            found[owner].add(linked)
    return found


def _column(field: models.ManyToManyField, name: str) -> str:
    return field.remote_field.through._meta.get_field(getattr(field, name)()).attname


def _entries(
    registration: Registration, field, before: dict, verb: str, other: set, using: str
) -> Iterable[Entry]:
    is_clear_of_owner = verb == "clear" and not other
    changed = {}
    for owner, links in before.items():
        gone = links if is_clear_of_owner else other
        after = links | other if verb == "add" else links - gone
        if after != links:
            changed[owner] = (links, after)
    if not changed:
        return []
    keys = set().union(*(old ^ new for old, new in changed.values()))
    names = names_of(field.related_model, keys, using)
    rows = locked_rows(plain_rows(registration.model, using).filter(pk__in=changed), registration, ())
    action = Action.PERMISSION_CHANGE if field.name in registration.access else Action.UPDATE
    return [
        Entry(
            action,
            Subject.of_row(registration, rows[owner]),
            {field.name: [sorted(old), sorted(new)]},
            added_and_removed(names, old, new),
        )
        for owner, (old, new) in changed.items()
    ]
