"""A status changes only by the steps that its table allows."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _


class StepChoices(models.TextChoices):
    """The statuses of a row and, in `steps`, the statuses that may follow each; a final status has none.

    `STEPS` holds the table. It is checked when the class is created, so a missing status fails at import.
    """

    STEPS: ClassVar[Mapping["StepChoices", frozenset["StepChoices"]]]

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        table = {status: frozenset(following) for status, following in cls.steps().items()}
        if set(table) != set(cls) or not frozenset().union(*table.values()) <= set(cls):
            raise TypeError(f"{cls.__name__}.steps() must list each of its own statuses and no others.")
        cls.STEPS = table

    @classmethod
    def steps(cls) -> Mapping:
        raise TypeError(f"{cls.__name__} does not define steps().")


class StepRefused(ValidationError):
    """The table of steps does not allow the step."""

    def __init__(self, current, wanted):
        super().__init__(
            _("This is %(current)s and cannot become %(wanted)s."),
            code="step_refused",
            params={"current": _label(current), "wanted": _label(wanted)},
        )


def require_step(current: str, wanted: StepChoices) -> None:
    """Refuse with `StepRefused` unless `wanted` may follow `current`."""
    statuses = type(wanted)
    if wanted not in statuses.STEPS[current]:
        raise StepRefused(statuses(current), wanted)


def move(row: models.Model, wanted: StepChoices, **changes) -> None:
    """Change the status of a row that the caller has locked, and save it with `changes`.

    Refuses a step that the table does not list with `StepRefused`. Raises an error outside a transaction,
    where nothing is locked.
    """
    if not transaction.get_connection(row._state.db).in_atomic_block:
        raise transaction.TransactionManagementError("A status changes under a lock, within a transaction.")
    row.save(update_fields=apply_step(row, wanted, **changes))


def apply_step(row: models.Model, wanted: StepChoices, **changes) -> list[str]:
    """Change the status and the columns in memory and return their names; refuses like `move`."""
    require_step(row.status, wanted)
    changes = {"status": wanted} | changes
    for name, value in changes.items():
        setattr(row, name, value)
    return list(changes)


def status_fields() -> Iterator[tuple[models.Field, type[StepChoices]]]:
    """Every field that holds a status with steps, in the order of the apps and their models."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if statuses := statuses_of(field):
                yield field, statuses


def statuses_of(field: models.Field) -> type[StepChoices] | None:
    """The status class of a field, found by its choices: Django does not keep the class."""
    return next((each for each in StepChoices.__subclasses__() if each.choices == field.choices), None)


def _label(status) -> str:
    return str(getattr(status, "label", status)).lower()
