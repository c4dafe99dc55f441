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
