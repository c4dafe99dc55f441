from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import PostalAddress
from audit.models.audited import Audited
from hms.core.folded import FoldedKey, NamedOnce


class Branch(Audited, NamedOnce, PostalAddress):
    """A place where the hospital sees patients."""

    code = models.SlugField(_("code"), max_length=12, unique=True)
    code_key = FoldedKey("code", unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_key = FoldedKey("name", unique=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    is_active = models.BooleanField(_("open"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("branch")
        verbose_name_plural = _("branches")

    def __str__(self):
        return self.name
