from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinical.models.listed import ListedRecord, current_once
from clinical.statuses import CURRENT_ALLERGIES, AllergyCategory, AllergyStatus, Criticality
from hms.core.constraints import one_of


class Allergy(ListedRecord):
    """One allergy or intolerance of a patient, or the statement that none is known.

    For a patient without rows, nobody has asked.
    """

    access_created = _("Added to %(whose)s allergies")
    access_changed = _("Changed %(whose)s allergies")
    current_statuses = CURRENT_ALLERGIES

    is_none_known = models.BooleanField(_("no known allergies"), default=False)
    substance = models.CharField(_("substance"), max_length=120, blank=True)
    category = models.CharField(_("category"), max_length=12, choices=AllergyCategory, blank=True)
    criticality = models.CharField(_("risk"), max_length=16, choices=Criticality, blank=True)
    reaction = models.CharField(_("reaction"), max_length=200, blank=True)
    status = models.CharField(
        _("status"), max_length=16, choices=AllergyStatus, default=AllergyStatus.UNCONFIRMED
    )

    class Meta(ListedRecord.Meta):
        verbose_name = _("allergy")
        verbose_name_plural = _("allergies")
        constraints = [
            *current_once("allergy", CURRENT_ALLERGIES),
            one_of("status", AllergyStatus, "clinical_allergy_status_exists"),
            models.CheckConstraint(
                condition=Q(is_none_known=True, substance="", category="", criticality="", reaction="")
                | (
                    Q(
                        is_none_known=False,
                        category__in=AllergyCategory.values,
                        criticality__in=Criticality.values,
                    )
                    & ~Q(substance="")
                ),
                name="clinical_allergy_names_a_substance_or_says_that_none_is_known",
                violation_error_message=_(
                    "Enter substance, category and risk, or state that no allergies are known."
                ),
            ),
        ]

    def __str__(self):
        return str(_("No known allergies")) if self.is_none_known else self.substance

    def what(self) -> str:
        """Empty for the statement "no known allergies", and for nothing else."""
        return self.substance
