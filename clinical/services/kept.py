"""Who may change and use what doctors keep for themselves and for their departments."""

from typing import TypeVar

from clinical.exceptions import NotYours
from clinical.models import Kept
from hms.core.locks import lock_first
from hms.core.rights import SYSTEM, require_to_save

K = TypeVar("K", bound=Kept)


def require_keeper(row: Kept, by) -> None:
    """Refuse to add or change a row of another doctor, or of a department that the person does not head."""
    require_to_save(by, row)
    if by is SYSTEM:
        return
    stored = lock_first(type(row).objects.filter(pk=row.pk))
    if not all(one.is_kept_by(by) for one in (stored, row) if one is not None):
        raise NotYours


def usable(row: K, by) -> K:
    """The row as it is now; refuses one that is not in use, of another doctor or of another department."""
    rows = type(row).objects.filter(is_active=True) if by is SYSTEM else type(row).objects.usable_by(by)
    found = rows.filter(pk=row.pk).first()
    if found is None:
        raise NotYours
    return found
