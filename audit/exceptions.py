from django.db import NotSupportedError
from django.utils.translation import gettext_lazy as _

from hms.core.refusals import NotAllowed, Refusal


class LogIsAppendOnly(Refusal):
    """A row of the log was to be changed or dropped."""

    code = "log_is_append_only"
    text = _("The log is only added to: its rows are neither changed nor deleted.")


class CannotBeLogged(NotSupportedError):
    """A bulk write whose outcome per row the database does not tell, so that no log can be right."""


class HoldIsReleased(Refusal):
    """A legal hold was to be released twice."""

    code = "hold_is_released"
    text = _("This hold was released before.")


class LogIsNotInOrder(Refusal):
    """Entries were to be archived or purged that are not as they were written."""

    code = "log_is_not_in_order"
    text = _("Entry %(entry)s is not as it was written: run verify_audit.")


class ArchiveIsNotThere(Refusal):
    """Entries were to be purged whose file is missing, or is another one."""

    code = "archive_is_not_there"
    text = _("The file %(name)s is not there as it was written; nothing of it was purged.")


class NotYourAnomaly(NotAllowed):
    """An anomaly was to be closed by somebody who may not, or whom it is about."""

    code = "not_your_anomaly"
    text = _("Anomalies are closed by auditors, and never by the person whom they are about.")


class NoteMissing(Refusal):
    """A decision without a reason."""

    code = "note_missing"
    field = "note"
    text = _("Say what you found, so that others can follow.")
