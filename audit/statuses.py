from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class AnomalyStatus(StepChoices):
    OPEN = "open", _("Open")
    EXPLAINED = "explained", _("Explained")
    FALSE_ALARM = "false_alarm", _("False alarm")
    VIOLATION = "violation", _("Violation")

    @classmethod
    def steps(cls):
        return {
            cls.OPEN: {cls.EXPLAINED, cls.FALSE_ALARM, cls.VIOLATION},
            # An anomaly that was closed in error is reopened; both are logged.
            cls.EXPLAINED: {cls.OPEN},
            cls.FALSE_ALARM: {cls.OPEN},
            cls.VIOLATION: {cls.OPEN},
        }


OUTCOMES = (AnomalyStatus.EXPLAINED, AnomalyStatus.FALSE_ALARM, AnomalyStatus.VIOLATION)


class Source(models.TextChoices):
    """The channel by which the acting person came."""

    PAGE = "page", _("Page")
    ADMIN = "admin", _("Staff site")
    API = "api", _("API")
    FHIR = "fhir", _("FHIR")
    COMMAND = "command", _("Command")
    TASK = "task", _("Background task")
    SHELL = "shell", _("Shell")
