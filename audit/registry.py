"""Which models are logged, and how each row leads to its patient: one line per model."""

from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True)
class Registration:
    """How one audited model is logged."""

    model: type[models.Model]
    patient: str | None  # lookup path to the patient's primary key: "pk", "patient_id", "bill__patient_id"
    exclude: frozenset[str]
    masked: frozenset[str]


_registered: dict[type[models.Model], Registration] = {}


def register(model, *, patient: str | None, exclude: tuple = (), masked: tuple = ()) -> None:
    """Log every create, change and delete of `model`; `masked` values are logged as changed, not shown."""
    _registered[model] = Registration(model, patient, frozenset(exclude), frozenset(masked))


def registration_of(model) -> Registration | None:
    return _registered.get(model)


def registered_models() -> list[type[models.Model]]:
    return list(_registered)
