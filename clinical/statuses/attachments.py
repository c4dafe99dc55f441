from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class AttachmentKind(models.TextChoices):
    REPORT = "report", _("Report")
    IMAGE = "image", _("Picture")
    REFERRAL = "referral", _("Referral")
    OTHER = "other", _("Other")
    RESULT = "result", _("Test result")

    @classmethod
    def chosen(cls) -> list[tuple[str, str]]:
        """What a person says of a file; that of a test result comes from the laboratory."""
        return [choice for choice in cls.choices if choice[0] != cls.RESULT]


class FileType(models.TextChoices):
    """The types that are accepted, by their content."""

    PDF = "application/pdf", "PDF"
    PNG = "image/png", "PNG"
    JPEG = "image/jpeg", "JPEG"
    WEBP = "image/webp", "WebP"


class AttachmentStatus(StepChoices):
    CURRENT = "current", _("Current")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @classmethod
    def steps(cls):
        return {cls.CURRENT: {cls.WITHDRAWN}, cls.WITHDRAWN: set()}
