"""Check constraints that exist on both SQLite and MariaDB/MySQL, named as sentences."""

from django.db.models import CheckConstraint, F, Q


def one_of(field: str, choices, name: str) -> CheckConstraint:
    return CheckConstraint(condition=Q(**{f"{field}__in": list(choices.values)}), name=name)


def before(first: str, second: str, name: str) -> CheckConstraint:
    return CheckConstraint(condition=Q(**{f"{first}__lt": F(second)}), name=name)


def not_negative(field: str, name: str) -> CheckConstraint:
    return CheckConstraint(condition=Q(**{f"{field}__gte": 0}), name=name)
