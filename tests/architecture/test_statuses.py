"""Every status of a model moves by a table of steps, which docs/states.md draws."""

from django.db.models import Field

from hms.site.management.commands.draw_states import TABLES
from tests.ours import our_models


def is_status(field: Field) -> bool:
    return field.name == "status" or field.name.endswith("_status")


def test_every_status_has_a_table_of_steps():
    tables = [set(statuses.values) for _name, statuses, _steps in TABLES]
    fields = [field for model in our_models() for field in model._meta.concrete_fields if is_status(field)]

    assert {field.name for field in fields} >= {"status"}
    assert {str(field) for field in fields if values_of(field) not in tables} == set()


def values_of(field: Field) -> set[str]:
    return {value for value, _label in field.choices or ()}
