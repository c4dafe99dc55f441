"""What patients do not want to be told, by kind and channel."""

from collections.abc import Collection

from accounts.models import Patient, Scope, User
from accounts.rights import may_act_for
from hms.core.refusals import NotAllowed
from hms.core.rights import System
from hms.core.transactions import retried_atomic
from hms.notifications.exceptions import MessageNecessary
from hms.notifications.models import DeclinedMessage
from hms.notifications.statuses import OPTIONAL, Channel


@retried_atomic
def decline_message(*, patient: Patient, kind: str, channel: str, by: User | System) -> None:
    """Send no more of these messages about a patient; a second call changes nothing.

    Refuses necessary messages with `MessageNecessary`, and whoever does not act for the patient.
    """
    _require_right(by, patient)
    if kind not in OPTIONAL:
        raise MessageNecessary
    DeclinedMessage.objects.get_or_create(patient=patient, kind=kind, channel=channel)


@retried_atomic
def choose_messages(*, patient: Patient, wanted: Collection[tuple[str, str]], by: User | System) -> None:
    """Send exactly these optional messages about a patient, given by kind and channel."""
    _require_right(by, patient)
    for kind in OPTIONAL:
        for channel in Channel:
            if (kind, channel) in wanted:
                for row in DeclinedMessage.objects.filter(patient=patient, kind=kind, channel=channel):
                    row.delete()
            else:
                decline_message(patient=patient, kind=kind, channel=channel, by=by)


def _require_right(by: User | System, patient: Patient) -> None:
    if not by.has_perm("accounts.change_patient") and not may_act_for(by, patient.pk, Scope.BOOK):
        raise NotAllowed
