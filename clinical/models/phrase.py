from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinical.models.kept import Kept, kept_once
from hms.core.folded import FoldedKey

LONGEST_PHRASE = 2000
is_abbreviation = RegexValidator(r"^[^\s.]+$", _("Use letters and digits, without blanks and dots."))


class Phrase(Kept):
    """A text for the notes of a visit, inserted by its abbreviation: ".urti"."""

    abbreviation = models.CharField(
        _("abbreviation"), max_length=20, validators=[is_abbreviation],
        help_text=_("Like “urti”. In the consultation, “.urti” and a blank insert the text."),
    )  # fmt: skip
    name_key = FoldedKey("abbreviation")
    text = models.TextField(_("text"), max_length=LONGEST_PHRASE)

    class Meta(Kept.Meta):
        ordering = ["abbreviation", "pk"]
        verbose_name = _("phrase")
        verbose_name_plural = _("phrases")
        constraints = kept_once("abbreviation", "phrase")

    def __str__(self):
        return f".{self.abbreviation}"
