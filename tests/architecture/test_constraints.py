"""Invariants are indexes and check constraints that exist on both databases."""

import re

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CheckConstraint, Q, UniqueConstraint

from hms.core.states import status_fields
from tests.ours import our_models

# MariaDB does not create these. allauth checks the same in its forms, and the e-mail address of a user is
# unique without a condition. Because of them, settings silence the warning.
NOT_ON_MARIADB = {"unique_primary_email", "unique_verified_email", "unique_authenticator_type"}


def test_no_unique_constraint_has_a_condition_or_an_expression_except_known_ones():
    not_on_mariadb = {
        constraint.name
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint)
        and (constraint.condition or constraint.expressions or constraint.deferrable)
    }

    assert not_on_mariadb == NOT_ON_MARIADB


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


def test_the_database_refuses_a_status_that_does_not_exist():
    unguarded = {
        field.model._meta.label
        for field, statuses in status_fields()
        if Q(**{f"{field.name}__in": list(statuses.values)}) not in conditions_of(field.model)
    }

    assert unguarded == set()


def conditions_of(model) -> list[Q]:
    return [one.condition for one in model._meta.constraints if isinstance(one, CheckConstraint)]


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
