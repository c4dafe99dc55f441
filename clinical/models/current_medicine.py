from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinical.models.medicine import Medicine
from clinical.models.record import ClinicalRecord
from clinical.querysets import CurrentMedicineQuerySet
from clinical.statuses import CurrentMedicineStatus, MedicineSource
from hms.core.constraints import one_of


class CurrentMedicine(ClinicalRecord):
    """A medicine that the patient takes for a longer time, of the formulary or in the patient's words."""

    chart_related = ("medicine",)
    void_statuses = frozenset({CurrentMedicineStatus.ENTERED_IN_ERROR})
    access_created = _("Added to %(whose)s current medicines")
    access_changed = _("Changed %(whose)s current medicines")

    medicine = models.ForeignKey(
        Medicine, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("medicine"),
    )  # fmt: skip
    name = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("If the formulary does not have it.")
    )
    dosage = models.CharField(_("dose and schedule"), max_length=120, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    source = models.CharField(_("known from"), max_length=10, choices=MedicineSource)
    status = models.CharField(
        _("status"), max_length=16, choices=CurrentMedicineStatus, default=CurrentMedicineStatus.ACTIVE
    )
    status_reason = models.CharField(_("reason for the status"), max_length=200, blank=True)
    stopped_on = models.DateField(_("stopped on"), null=True, editable=False)

    objects = CurrentMedicineQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering = ["-recorded_at", "-pk"]
        verbose_name = _("current medicine")
        verbose_name_plural = _("current medicines")
        constraints = [
            one_of("status", CurrentMedicineStatus, "clinical_current_medicine_status_exists"),
            one_of("source", MedicineSource, "clinical_current_medicine_source_exists"),
            models.CheckConstraint(
                condition=Q(medicine__isnull=False) | ~Q(name=""),
                name="clinical_current_medicine_has_a_name",
                violation_error_message=_("Choose a medicine or enter its name."),
            ),
        ]

    def __str__(self):
        return str(self.medicine) if self.medicine else self.name

    def chart_text(self) -> str:
        return " ".join(filter(None, [self.dosage, str(self.get_status_display()), self.status_reason]))

    @classmethod
    def is_private_in_log(cls, field: models.Field) -> bool:
        return field.name == "medicine" or super().is_private_in_log(field)

    @property
    def is_active(self) -> bool:
        return self.status == CurrentMedicineStatus.ACTIVE
