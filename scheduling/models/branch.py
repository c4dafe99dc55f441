from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import PostalAddress
from audit.models.audited import Audited
from hms.core.folded import FoldedKey, NamedOnce
from scheduling.querysets import BranchQuerySet

ALL, OWN = "all", "own"  # instead of a code, in the addresses of lists


class Branch(Audited, NamedOnce, PostalAddress):
    """A place where the hospital sees patients.

    That staff belong to a branch is what their pages show first, and no right: it opens and hides nothing.
    """

    code = models.SlugField(_("code"), max_length=12, unique=True)
    code_key = FoldedKey("code", unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_key = FoldedKey("name", unique=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    opening_hours = models.TextField(
        _("opening hours"),
        blank=True,
        max_length=300,
        help_text=_("For the branch's page, one line for each. When its doctors consult is added by itself."),
    )
    directions = models.TextField(
        _("how to get there"), blank=True, max_length=1000, help_text=_("Bus, train, parking, entrance.")
    )
    map_url = models.CharField(
        _("map"),
        blank=True,
        max_length=500,
        validators=[URLValidator(["https"])],
        help_text=_("The address of a map on another site, with https. Pages link to it and load nothing."),
    )
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="branches",
        limit_choices_to={"is_staff": True},
        verbose_name=_("staff"),
        help_text=_("Whose lists begin with this branch. Everybody can still choose another one."),
    )
    is_active = models.BooleanField(_("open"), default=True)

    objects = BranchQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("branch")
        verbose_name_plural = _("branches")

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        if self.code.casefold() in (ALL, OWN):
            raise ValidationError({"code": _("“all” and “own” have another meaning. Choose another code.")})

    def get_absolute_url(self):
        return reverse("scheduling:show-branch", args=[self.code])
