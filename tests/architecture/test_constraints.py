"""What must never happen is refused by an index or a check that both databases have."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CheckConstraint, Model, UniqueConstraint

OURS = {"accounts", "audit", "billing", "clinical", "core", "demo", "scheduling", "site"}


def test_unique_constraints_have_no_condition_and_no_expression():
    not_on_mariadb = {
        constraint.name
        for model in our_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint)
        and (constraint.condition or constraint.expressions or constraint.deferrable)
    }

    assert not_on_mariadb == set()


@pytest.mark.django_db
def test_every_constraint_of_a_model_is_in_the_database():
    in_database = names_in_database()

    missing = {
        constraint.name
        for model in our_models()
        for constraint in model._meta.constraints
        if constraint.name not in in_database
    }

    assert missing == set()


def test_constraints_are_named_after_their_app():
    strangers = {
        constraint.name
        for model in our_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint | CheckConstraint)
        and not constraint.name.startswith(f"{model._meta.app_label}_")
    }

    assert strangers == set()


def names_in_database() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
            return {word for (sql,) in cursor.fetchall() for word in re.findall(r"\w+", sql)}
        cursor.execute(
            "SELECT constraint_name FROM information_schema.table_constraints WHERE table_schema = DATABASE()"
        )
        return {name for (name,) in cursor.fetchall()}


def our_models() -> Iterator[type[Model]]:
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            yield model
