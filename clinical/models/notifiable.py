from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from hms.core.folded import FoldedKey, NamedOnce

are_codes = RegexValidator(
    r"^[A-Z]\d[0-9A-Z](\.\d+)?(, [A-Z]\d[0-9A-Z](\.\d+)?)*$",
    _("Give ICD-10 codes separated by a comma and a blank, for example “A15, A16, A17.0”."),
    code="codes",
)


class NotifiableDisease(Audited, NamedOnce):
    """A disease of which the hospital must tell the authorities, with the codes that mean it."""

    name = models.CharField(_("name"), max_length=100)
    name_key = FoldedKey("name", unique=True)
    codes = models.CharField(
        _("ICD-10 codes"),
        max_length=200,
        validators=[are_codes],
        help_text=_("A code of three characters stands for all that begin with it."),
    )
    source = models.CharField(
        _("demanded by"), max_length=200, help_text=_("The law, notification or programme that demands it.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta(Audited.Meta):
        ordering = ["name"]
        verbose_name = _("notifiable disease")
        verbose_name_plural = _("notifiable diseases")

    def __str__(self):
        return self.name

    def matching(self, column: str = "code") -> Q:
        """Diagnoses with one of its codes; the column is a path to their code."""
        found = Q()
        for code in self.codes.split(", "):
            found |= Q(**{f"{column}__startswith": code})
        return found
