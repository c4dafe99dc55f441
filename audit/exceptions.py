from django.db import NotSupportedError
from django.utils.translation import gettext_lazy as _

from hms.core.refusals import NotAllowed, Refusal


class LogIsAppendOnly(Refusal):
    """Raised on changing or deleting a row of the log."""

    code = "log_is_append_only"
    text = _("The log is append-only: its rows cannot be changed or deleted.")


class CannotBeLogged(NotSupportedError):
    """A bulk write whose outcome per row is unknown, so it cannot be logged."""


class HoldIsReleased(Refusal):
    code = "hold_is_released"
    text = _("This hold has already been released.")


class LogIsNotInOrder(Refusal):
    """Archiving or purging met an entry that was changed."""

    code = "log_is_not_in_order"
    text = _("Entry %(entry)s is not as it was written: run verify_audit.")


class SealIsInFuture(Refusal):
    """The newest seal is dated into the future; what is sealed after it would leave out honest entries."""

    code = "seal_is_in_future"
    text = _(
        "Seal %(number)s is dated %(when)s, which has not come yet: a clock ran ahead, or this one is behind."
    )


class ArchiveIsNotThere(Refusal):
    """The file of an archive to purge is missing or changed."""

    code = "archive_is_not_there"
    text = _("The file %(name)s is missing or was changed; nothing of it was purged.")


class NotYourAnomaly(NotAllowed):
    """The person has no right to review anomalies, or this one is about them."""

    code = "not_your_anomaly"
    text = _("Anomalies are reviewed by auditors, and never by the person they are about.")


class StillGoingOn(Refusal):
    code = "still_going_on"
    text = _("This is still going on: review it when it has ended.")


class NoteMissing(Refusal):
    code = "note_missing"
    field = "note"
    text = _("Describe what you found, so that others can understand the decision.")
