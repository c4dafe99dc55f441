from django.db import models
from django.utils.translation import gettext_lazy as _


class Confidentiality(models.TextChoices):
    """Who reads a row of the clinical record, besides the patient."""

    NORMAL = "normal", _("Those who treat the patient")
    SENSITIVE = "doctor", _("The treating doctor alone")
    HIDDEN = "hidden", _("The treating doctor alone, and no carers")


def narrower(one: str, other: str) -> str:
    """Of two degrees of confidentiality the one that fewer people may read."""
    return max(one, other, key=Confidentiality.values.index)
