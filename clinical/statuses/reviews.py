from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class Stars(models.IntegerChoices):
    FIVE = 5, _("5 stars: excellent")
    FOUR = 4, _("4 stars: good")
    THREE = 3, _("3 stars: fair")
    TWO = 2, _("2 stars: poor")
    ONE = 1, _("1 star: very poor")


class ReviewStatus(StepChoices):
    """A review that is edited waits for moderation again; one that was withdrawn may be written again."""

    WAITING = "waiting", _("Waiting for approval")
    PUBLISHED = "published", _("Published")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @classmethod
    def steps(cls):
        return {
            cls.WAITING: {cls.WAITING, cls.PUBLISHED, cls.REFUSED, cls.WITHDRAWN},
            cls.PUBLISHED: {cls.WAITING, cls.REFUSED, cls.WITHDRAWN},
            cls.REFUSED: {cls.WAITING, cls.PUBLISHED, cls.WITHDRAWN},
            cls.WITHDRAWN: {cls.WAITING},
        }


DECISIONS = frozenset({ReviewStatus.PUBLISHED, ReviewStatus.REFUSED})
