from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinical.models.encounter import LONGEST_TEXT
from clinical.models.kept import Kept, kept_once
from hms.core.folded import FoldedKey

LONGEST_INTERVAL_DAYS = 730


class OrderSet(Kept):
    """What a doctor orders and advises together: tests, a prescription template, advice and a follow-up."""

    name = models.CharField(_("name"), max_length=80)
    name_key = FoldedKey("name")
    test_lines = models.CharField(
        _("tests"), max_length=1000, blank=True, help_text=_("With commas between, like “CBC, HbA1c”.")
    )
    template = models.ForeignKey(
        "clinical.PrescriptionTemplate", on_delete=models.PROTECT, null=True, blank=True,
        related_name="order_sets", verbose_name=_("prescription template"),
    )  # fmt: skip
    advice = models.TextField(_("advice for the patient"), blank=True, max_length=LONGEST_TEXT)
    follow_up_days = models.PositiveSmallIntegerField(
        _("follow-up after (days)"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_INTERVAL_DAYS)],
    )  # fmt: skip

    class Meta(Kept.Meta):
        ordering = ["name", "pk"]
        verbose_name = _("order set")
        verbose_name_plural = _("order sets")
        constraints = kept_once("name", "order_set")

    def __str__(self):
        return self.name
