"""Which models are logged, and how each row leads to its patient.

A registered model needs `AuditedQuerySet` in its default and base manager (`audit.checks` verifies it),
because `update()` and `bulk_*` send no signals.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models

from audit.signals import model_registered

# The log names a row by the first of these columns that the model has. Never clinical content.
NAMES = ("mrn", "reference", "number", "email", "codename", "name", "full_name")


@dataclass(frozen=True)
class Registration:
    """How one audited model is logged."""

    model: type[models.Model]
    patient: str | None  # lookup path to the patient's primary key: "pk", "patient_id", "bill__patient_id"
    exclude: frozenset[str]
    masked: frozenset[str]
    access: frozenset[str] = frozenset()
    name: str | None = None
    is_personal: bool = False  # the row is a person's, and seeing it is logged although it has no patient

    @cached_property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def reads_are_logged(self) -> bool:
        return bool(self.patient) or self.is_personal

    @cached_property
    def fields(self) -> dict[str, models.Field]:
        """The logged columns by name and by attribute (`doctor` and `doctor_id`)."""
        logged = [
            field
            for field in self.model._meta.concrete_fields
            if not field.generated and field.name not in self.exclude
        ]
        return {field.name: field for field in logged} | {field.attname: field for field in logged}

    @cached_property
    def all_fields(self) -> tuple[models.Field, ...]:
        return tuple(dict.fromkeys(self.fields.values()))

    @cached_property
    def name_field(self) -> models.Field:
        return self.model._meta.get_field(self.name) if self.name else naming_field(self.model)

    def logged(self, names: Iterable[str]) -> tuple[models.Field, ...]:
        """The logged columns among these names."""
        found = (self.fields.get(self._real(name)) for name in names)
        return tuple(dict.fromkeys(field for field in found if field is not None))

    def columns(self, fields: Iterable[models.Field]) -> list[str]:
        """What to SELECT in order to log a change of `fields`."""
        wanted = ["pk", self.name_field.attname, *(field.attname for field in fields)]
        if self.patient and not self.patient_is_elsewhere:
            wanted.append(self.patient)
        return list(dict.fromkeys(wanted))

    @cached_property
    def patient_is_elsewhere(self) -> bool:
        """Whether the patient is a column of another table."""
        return "__" in (self.patient or "")

    def patient_of(self, instance: models.Model) -> int | None:
        """The patient whom the row belongs to; a path through other tables may cost a query."""
        path = self.patient
        while path and instance is not None:
            step, _, path = path.partition("__")
            if not path:
                return getattr(instance, step)
            field = instance._meta.get_field(step)
            if not field.is_cached(instance):
                return _lookup(field, getattr(instance, field.attname), path)
            instance = getattr(instance, step)
        return None

    def _real(self, name: str) -> str:
        return self.model._meta.pk.name if name == "pk" else name


def naming_field(model: type[models.Model]) -> models.Field:
    """The column by which people know a row, the primary key if there is none."""
    columns = {field.name: field for field in model._meta.concrete_fields}
    return next((columns[name] for name in NAMES if name in columns), model._meta.pk)


def _lookup(field: models.ForeignKey, key: Any, path: str) -> int | None:
    if key is None:
        return None
    rows = field.related_model._base_manager.filter(**{field.target_field.attname: key})
    return next(iter(rows.values_list(path, flat=True)), None)


_registered: dict[type[models.Model], Registration] = {}


def register(
    model: type[models.Model],
    *,
    patient: str | None,
    name: str | None = None,
    exclude: tuple[str, ...] = (),
    masked: tuple[str, ...] = (),
    access: tuple[str, ...] = (),
    is_personal: bool = False,
) -> None:
    """Log every create, change and delete of `model`.

    `name` is the column by which the log names a row. `exclude` is not logged. `masked` values are logged
    as fingerprints. Changes of `access` fields, many-to-many fields too, are logged as changes of rights.
    Seeing rows is logged if they belong to a patient or are `is_personal`.
    """
    _registered[model] = Registration(
        model, patient, frozenset(exclude), frozenset(masked), frozenset(access), name, is_personal
    )
    model_registered.send(model)


def unregister(model: type[models.Model]) -> None:
    """Log `model` no longer."""
    _registered.pop(model, None)


def registration_of(model: type[models.Model]) -> Registration | None:
    return _registered.get(model._meta.concrete_model)


def registered_models() -> list[type[models.Model]]:
    return list(_registered)


def with_proxies(model: type[models.Model]) -> Iterator[type[models.Model]]:
    """The model and its proxies, which send signals of their own."""
    yield model
    for subclass in model.__subclasses__():
        if subclass._meta.proxy:
            yield from with_proxies(subclass)
