"""What people call their trouble and its doctors, as administrators have written it down."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from hms.core.constraints import one_of
from hms.core.folded import FoldedKey, NamedOnce
from hms.core.typed_text import require_letter

LONGEST_WORDS = 4000
ONE_A_LINE = _(
    "One word or phrase on each line; case, plurals, spelling and the order of words do not matter."
)


class Urgency(models.TextChoices):
    ROUTINE = "routine", _("An appointment")
    EMERGENCY = "emergency", _("An emergency")
    CRISIS = "crisis", _("An emergency, with a help line to talk to")


class Known(Audited, NamedOnce):
    """Something that people mean, with the words that they use for it."""

    name = models.CharField(_("name"), max_length=80, validators=[require_letter])
    name_key = FoldedKey("name", unique=True)
    words = models.TextField(_("other words"), blank=True, max_length=LONGEST_WORDS, help_text=ONE_A_LINE)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta(Audited.Meta):
        abstract = True
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class Discipline(Known):
    """A field of medicine. Departments and specializations belong to it if their names have its words."""

    instead = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("otherwise"), help_text=_("Whom patients should see if no doctor here practises it."),
    )  # fmt: skip

    class Meta(Known.Meta):
        verbose_name = _("discipline")
        verbose_name_plural = _("disciplines")


class Complaint(Known):
    """What somebody comes with, and which discipline sees it; or that it is an emergency."""

    not_meant = models.TextField(
        _("not meant"), blank=True, max_length=LONGEST_WORDS,
        help_text=_("Phrases in which these words mean something else: “heart burn” is no burn."),
    )  # fmt: skip
    urgency = models.CharField(_("needs"), max_length=10, choices=Urgency, default=Urgency.ROUTINE)
    discipline = models.ForeignKey(
        Discipline, on_delete=models.PROTECT, related_name="complaints", verbose_name=_("discipline")
    )
    is_listed = models.BooleanField(
        _("on the list"), default=True, help_text=_("Patients can choose it instead of typing.")
    )

    class Meta(Known.Meta):
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        constraints = [one_of("urgency", Urgency, "scheduling_urgency_exists")]
