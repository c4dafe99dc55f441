from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from hms.core.folded import FoldedKey, NamedOnce


class Specialization(Audited, NamedOnce):
    """What a doctor is called after what they practise: "Cardiologist"."""

    name = models.CharField(_("name"), max_length=80)
    name_key = FoldedKey("name", unique=True)

    class Meta(Audited.Meta):
        ordering = ["name"]
        verbose_name = _("specialization")
        verbose_name_plural = _("specializations")

    def __str__(self):
        return self.name
