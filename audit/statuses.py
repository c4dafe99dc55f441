from django.db import models
from django.utils.translation import gettext_lazy as _


class AnomalyStatus(models.TextChoices):
    OPEN = "open", _("Open")
    EXPLAINED = "explained", _("Explained")
    FALSE_ALARM = "false_alarm", _("False alarm")
    VIOLATION = "violation", _("Violation")


OUTCOMES = (AnomalyStatus.EXPLAINED, AnomalyStatus.FALSE_ALARM, AnomalyStatus.VIOLATION)
# What was closed in error is opened again, and both stand in the log.
ANOMALY_STEPS = {
    AnomalyStatus.OPEN: set(OUTCOMES),
    AnomalyStatus.EXPLAINED: {AnomalyStatus.OPEN},
    AnomalyStatus.FALSE_ALARM: {AnomalyStatus.OPEN},
    AnomalyStatus.VIOLATION: {AnomalyStatus.OPEN},
}


class Source(models.TextChoices):
    """The channel by which the acting person came."""

    PAGE = "page", _("Page")
    ADMIN = "admin", _("Staff site")
    API = "api", _("API")
    FHIR = "fhir", _("FHIR")
    COMMAND = "command", _("Command")
    TASK = "task", _("Background task")
    SHELL = "shell", _("Shell")
