from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class CertificateKind(models.TextChoices):
    SICK_NOTE = "sick_note", _("Sick note")
    FITNESS = "fitness", _("Certificate of fitness")
    REFERRAL = "referral", _("Referral letter")


class CertificateStatus(StepChoices):
    ISSUED = "issued", _("Issued")
    REPLACED = "replaced", _("Replaced")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @classmethod
    def steps(cls):
        return {
            cls.ISSUED: {cls.REPLACED, cls.WITHDRAWN},
            cls.REPLACED: set(),
            cls.WITHDRAWN: set(),
        }
