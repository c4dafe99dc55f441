from django.core.exceptions import ValidationError
from django.db import NotSupportedError
from django.utils.translation import gettext_lazy as _


class LogIsAppendOnly(ValidationError):
    """A row of the log was to be changed or dropped."""

    def __init__(self):
        super().__init__(
            _("The log is only added to: its rows are neither changed nor deleted."),
            code="log_is_append_only",
        )


class CannotBeLogged(NotSupportedError):
    """A bulk write whose outcome per row the database does not tell, so that no log can be right."""


class HoldIsReleased(ValidationError):
    """A legal hold was to be released twice."""

    def __init__(self):
        super().__init__(_("This hold was released before."), code="hold_is_released")


class LogIsNotInOrder(ValidationError):
    """Entries were to be archived or purged that are not as they were written."""

    def __init__(self, entry: int):
        super().__init__(
            _("Entry %(entry)s is not as it was written: run verify_audit."),
            code="log_is_not_in_order",
            params={"entry": entry},
        )


class ArchiveIsNotThere(ValidationError):
    """Entries were to be purged whose file is missing, or is another one."""

    def __init__(self, name: str):
        super().__init__(
            _("The file %(name)s is not there as it was written; nothing of it was purged."),
            code="archive_is_not_there",
            params={"name": name},
        )


class NotYourAnomaly(ValidationError):
    """An anomaly was to be closed by somebody who may not, or whom it is about."""

    def __init__(self):
        super().__init__(
            _("Anomalies are closed by auditors, and never by the person whom they are about."),
            code="not_your_anomaly",
        )


class NoteMissing(ValidationError):
    """A decision without a reason."""

    def __init__(self):
        missing = ValidationError(_("Say what you found, so that others can follow."), code="note_missing")
        super().__init__({"note": missing})
