"""Check constraints that exist on both SQLite and MariaDB/MySQL, named as sentences."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint, F, Model, Q
from django.utils.translation import gettext as _


def one_of(field: str, choices, name: str) -> CheckConstraint:
    return CheckConstraint(condition=Q(**{f"{field}__in": list(choices.values)}), name=name)


def before(first: str, second: str, name: str) -> CheckConstraint:
    return CheckConstraint(condition=Q(**{f"{first}__lt": F(second)}), name=name)


def not_negative(field: str, name: str) -> CheckConstraint:
    return CheckConstraint(condition=Q(**{f"{field}__gte": 0}), name=name)


def at_their_columns(model: type[Model], error: ValidationError) -> ValidationError:
    """The error with broken check constraints named at a column, in words: their names are sentences."""
    checks = {
        str(each.get_violation_error_message()): each
        for each in model._meta.constraints
        if isinstance(each, CheckConstraint)
    }
    found: dict[str, list] = error.update_error_dict({})
    for one in found.pop(NON_FIELD_ERRORS, []):
        check = checks.get(one.messages[0])
        column = columns_of(check.condition)[-1] if check else NON_FIELD_ERRORS
        said = ValidationError(_("This must hold: %(rule)s.") % {"rule": rule_of(check)}) if check else one
        found.setdefault(column, []).append(said)
    return ValidationError(found)


def rule_of(check: CheckConstraint) -> str:
    """Without the name of the app: department closes after it opens."""
    return check.name.partition("_")[2].replace("_", " ")


def columns_of(condition: Q) -> list[str]:
    """The columns that a condition compares, in its order."""
    found = []
    for child in condition.children:
        if isinstance(child, Q):
            found += columns_of(child)
        elif isinstance(child, tuple):
            lookup, value = child
            found += [lookup.split("__")[0], *([value.name] if isinstance(value, F) else [])]
    return list(dict.fromkeys(found))
