"""Who acts, and whether they may. Each service asks for itself, so no screen or command is a way round."""

from collections.abc import Collection
from typing import Any, Final

from django.db.models import Model

from hms.core.refusals import NotAllowed


class System:
    """The hospital's own system acting: commands, the seeding, and money that arrives late.

    It may do everything and is no person: columns that name a person stay empty, and the log names nobody.
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
    """Whoever acts. Nobody is a mistake in the calling code, not a right."""
    if by is None:
        raise TypeError("`by` is the person who acts, or SYSTEM")
    return by


def person(by: Any) -> Any:
    """What a column that names a person holds: the user, or NULL for the system."""
    return None if acting(by) is SYSTEM else by


def require_to_save(by: Any, row: Model) -> None:
    """Refuse unless the person may add the new row, or change the one that is there."""
    require(by, _permission("add" if row.pk is None else "change", row))


def require_to_delete(by: Any, row: Model) -> None:
    require(by, _permission("delete", row))


def _permission(verb: str, row: Model) -> str:
    return f"{row._meta.app_label}.{verb}_{row._meta.model_name}"
