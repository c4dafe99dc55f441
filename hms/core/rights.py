"""Permission checks. Each service makes its own, so that no screen or command can bypass them."""

from collections.abc import Collection
from typing import Any, Final

from django.db.models import Model

from hms.core.refusals import NotAllowed


class System:
    """The software acting without a person: scheduled commands, demo data, late payments.

    It holds every permission. Columns that refer to a person stay empty, and the log names nobody.
    """

    pk: Final = None
    is_authenticated: Final = False
    is_active: Final = True
    is_staff: Final = True
    is_superuser: Final = False

    def has_perm(self, _permission: str, _row: object = None) -> bool:
        return True

    def has_perms(self, _permissions: Collection[str], _row: object = None) -> bool:
        return True

    def __repr__(self):
        return "SYSTEM"


SYSTEM: Final = System()


def require(by: Any, permission: str) -> None:
    """Refuse with `NotAllowed` unless the person holds the permission."""
    if not acting(by).has_perm(permission):
        raise NotAllowed


def acting(by: Any) -> Any:
    """Return `by`; raises `TypeError` for None, which is a mistake in the calling code."""
    if by is None:
        raise TypeError("`by` is the person who acts, or SYSTEM")
    return by


def person(by: Any) -> Any:
    """The value for a column that refers to a person: the user, or None for SYSTEM."""
    return None if acting(by) is SYSTEM else by


def require_to_save(by: Any, row: Model) -> None:
    """Refuse with `NotAllowed` unless the person may add a new row or change an existing one."""
    require(by, permission_for("add" if row.pk is None else "change", type(row)))


def require_to_delete(by: Any, row: Model) -> None:
    require(by, permission_for("delete", type(row)))


def permission_for(verb: str, model: type[Model]) -> str:
    return f"{model._meta.app_label}.{verb}_{model._meta.model_name}"
