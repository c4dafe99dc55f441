"""How the services of lists that are kept for each patient write an entry.

The caller has checked the rights and locked the patient.
"""

from typing import TypeVar

from accounts.names import tidy
from clinical.exceptions import AlreadyOnList, ReasonMissing
from clinical.models import ListedRecord
from clinical.statuses import NEED_REASON
from hms.core.states import StepChoices, move

R = TypeVar("R", bound=ListedRecord)


def add_to_list(row: R) -> R:
    """Save a new entry; refuses one that is current already."""
    row.current_key = _free_key(row, row.status)
    row.full_clean(validate_unique=False)
    row.save()
    return row


def change_status(row: ListedRecord, wanted: StepChoices, *, reason: str, **changes) -> None:
    """Change the status, and the columns of `changes` with it.

    Refuses a step that the table does not list, a refutation or an error without a reason, and a second
    current entry.
    """
    reason = tidy(reason)
    if wanted in NEED_REASON and not reason:
        raise ReasonMissing
    move(row, wanted, status_reason=reason, current_key=_free_key(row, wanted), **changes)
    row.full_clean(validate_unique=False)


def _free_key(row: ListedRecord, status: str) -> str | None:
    key = row.key_for(status)
    same = type(row).objects.filter(patient=row.patient, current_key=key).exclude(pk=row.pk)
    if key is not None and same.exists():
        raise AlreadyOnList
    return key
