from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from hms.core.folded import FoldedKey, NamedOnce


class Language(Audited, NamedOnce):
    code = models.CharField(_("code"), max_length=8, unique=True)
    code_key = FoldedKey("code", unique=True)
    name = models.CharField(_("name"), max_length=40)
    name_key = FoldedKey("name", unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("language")
        verbose_name_plural = _("languages")

    def __str__(self):
        return self.name
