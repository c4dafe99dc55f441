from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.names import name_key
from clinical.models.record import ClinicalRecord
from clinical.querysets import AllergyQuerySet
from clinical.statuses import CURRENT, AllergyCategory, AllergyStatus, Criticality
from hms.core.constraints import one_of

NONE_KNOWN = ""  # the key of the statement "no known allergies"; no substance has this key


class Allergy(ClinicalRecord):
    """One allergy or intolerance of a patient, or the statement that none is known.

    For a patient without rows, nobody has asked.
    """

    access_created = _("Added to %(whose)s allergies")
    access_changed = _("Changed %(whose)s allergies")

    is_none_known = models.BooleanField(_("no known allergies"), default=False)
    substance = models.CharField(_("substance"), max_length=120, blank=True)
    category = models.CharField(_("category"), max_length=12, choices=AllergyCategory, blank=True)
    criticality = models.CharField(_("risk"), max_length=16, choices=Criticality, blank=True)
    reaction = models.CharField(_("reaction"), max_length=200, blank=True)
    status = models.CharField(
        _("status"), max_length=16, choices=AllergyStatus, default=AllergyStatus.UNCONFIRMED
    )
    status_reason = models.CharField(_("reason for the status"), max_length=200, blank=True)
    # The normalised substance while the row is current, otherwise NULL, for a unique index without condition.
    current_key = models.CharField(max_length=120, null=True, editable=False)

    objects = AllergyQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering = ["-recorded_at", "-pk"]
        verbose_name = _("allergy")
        verbose_name_plural = _("allergies")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "current_key"], name="clinical_allergy_is_current_once_per_patient"
            ),
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
            models.CheckConstraint(
                condition=Q(status__in=sorted(CURRENT), current_key__isnull=False)
                | (~Q(status__in=sorted(CURRENT)) & Q(current_key__isnull=True)),
                name="clinical_only_a_current_allergy_has_a_key",
            ),
        ]

    def __str__(self):
        return str(_("No known allergies")) if self.is_none_known else self.substance

    @property
    def is_current(self) -> bool:
        return self.status in CURRENT

    def key_for(self, status: str) -> str | None:
        if status not in CURRENT:
            return None
        return NONE_KNOWN if self.is_none_known else name_key(self.substance)
