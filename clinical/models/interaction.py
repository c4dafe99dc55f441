from django.db import models
from django.utils.translation import gettext_lazy as _

from clinical.models.loaded import LoadedList
from clinical.statuses import InteractionLevel
from hms.core.constraints import one_of


class InteractionSource(LoadedList):
    """A loaded list of interactions in one edition. Its name and edition are shown with each finding."""

    # Ingredients and classes of the formulary that the list knows, also those without interactions.
    covers = models.JSONField(_("covers"), default=list)

    class Meta(LoadedList.Meta):
        verbose_name = _("source of interactions")
        verbose_name_plural = _("sources of interactions")

    def __str__(self):
        return f"{self.name} {self.edition}"


class Interaction(models.Model):
    """What a source says at one level about two names, each an ingredient or a class of the formulary.

    Its rows are not logged one by one: each load is an entry of the source.
    """

    source = models.ForeignKey(
        InteractionSource, on_delete=models.CASCADE, related_name="interactions", verbose_name=_("source")
    )
    one = models.CharField(_("one"), max_length=120)
    other = models.CharField(_("the other"), max_length=120)
    level = models.CharField(_("level"), max_length=16, choices=InteractionLevel)
    text = models.TextField(_("words of the source"), blank=True)

    class Meta:
        ordering = ["source", "one", "other"]
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "one", "other", "level"], name="clinical_a_source_grades_a_pair_once"
            ),
            one_of("level", InteractionLevel, "clinical_interaction_level_exists"),
        ]

    def __str__(self):
        return f"{self.one} + {self.other}"
