from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class ApprovalStatus(StepChoices):
    OPEN = "open", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")

    @classmethod
    def steps(cls):
        return {
            cls.OPEN: {cls.APPROVED, cls.DECLINED, cls.WITHDRAWN, cls.EXPIRED},
            cls.APPROVED: set(),  # another request asks again
            cls.DECLINED: set(),
            cls.WITHDRAWN: set(),
            cls.EXPIRED: set(),
        }


class PairStatus(StepChoices):
    """Whether two patients are one person. A decision is undone before another one is taken."""

    OPEN = "open", _("Not decided")
    SAME = "same", _("Same person")
    DIFFERENT = "different", _("Different people")

    @classmethod
    def steps(cls):
        return {
            cls.OPEN: {cls.SAME, cls.DIFFERENT},
            cls.SAME: {cls.OPEN},
            cls.DIFFERENT: {cls.OPEN},
        }


class ComingVisits(models.TextChoices):
    """What becomes of a person's coming visits when somebody stops acting for them."""

    KEEP = "keep", _("Keep them")
    CANCEL = "cancel", _("Cancel them")
