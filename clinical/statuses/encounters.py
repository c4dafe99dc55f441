from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class EncounterStatus(StepChoices):
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")

    @classmethod
    def steps(cls):
        return {cls.DRAFT: {cls.SIGNED}, cls.SIGNED: set()}


SIGNED = frozenset({EncounterStatus.SIGNED})
