"""The rows of a registered model in the form of the log."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models

from audit.capture.registry import Registration
from audit.capture.rows import plain_rows
from audit.capture.values import is_of, logged_value

PAGE = 500


class Table:
    def __init__(self, registration: Registration):
        self.registration, self.model = registration, registration.model
        self.label, self.masked = registration.label, registration.masked

    @cached_property
    def columns(self) -> dict[str, models.Field]:
        return {field.name: field for field in self.registration.all_fields}

    @cached_property
    def links(self) -> dict[str, models.ManyToManyField]:
        """Relations without a model of their own; rows of a model in between are verified as that model."""
        own = (
            field for field in self.model._meta.many_to_many if field.remote_field.through._meta.auto_created
        )
        return {field.name: field for field in own if field.name not in self.registration.exclude}

    def pages(self) -> Iterator[dict[str, dict[str, Any]]]:
        """All rows, by primary key as text."""
        last = None
        while True:
            rows = plain_rows(self.model, DEFAULT_DB_ALIAS).order_by("pk")
            found = self.values(rows if last is None else rows.filter(pk__gt=last), PAGE)
            if not found:
                return
            yield {str(pk): state for pk, state in found.items()}
            last = list(found)[-1]

    def values(self, rows: models.QuerySet, most: int | None = None) -> dict[Any, dict[str, Any]]:
        """The logged columns and links of these rows, by primary key."""
        wanted = {field.attname: field for field in self.columns.values()}
        read = rows.values_list("pk", *wanted)[:most] if most else rows.values_list("pk", *wanted)
        fields = list(wanted.values())
        found = {
            pk: {field.name: logged_value(field, value) for field, value in zip(fields, values, strict=True)}
            for pk, *values in read
        }
        for name, field in self.links.items():
            for pk, linked in self._linked(field, list(found)).items():
                found[pk][name] = linked
        return found

    def present(self, keys: Iterable[str]) -> set[str]:
        """Which of the keys, given as text, belong to a row."""
        pks = [pk for pk in map(self.pk_of, keys) if pk is not None]
        rows = plain_rows(self.model, DEFAULT_DB_ALIAS).filter(pk__in=pks)
        return {str(pk) for pk in rows.values_list("pk", flat=True)}

    def pk_of(self, text: str) -> Any:
        try:
            return self.model._meta.pk.to_python(text)
        except ValidationError:
            return None

    def start_of(self, column: str) -> Any:
        """The value of a column before its first entry."""
        return [] if column in self.links else None

    def is_same(self, column: str, pk: str, logged: Any, present: Any) -> bool:
        if column in self.masked:
            return is_of(logged, self.label, column, pk, present)
        return logged == present

    def _linked(self, field: models.ManyToManyField, pks: list) -> dict[Any, list]:
        through = field.remote_field.through
        own, other = (
            through._meta.get_field(name).attname
            for name in (field.m2m_field_name(), field.m2m_reverse_field_name())
        )
        found: dict[Any, list] = {pk: [] for pk in pks}
        rows = plain_rows(through, DEFAULT_DB_ALIAS).filter(**{f"{own}__in": pks})
        for owner, linked in rows.order_by(other).values_list(own, other):
            found[owner].append(linked)
        return found
