from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import PostalAddress
from audit.models.audited import Audited
from hms.core.folded import FoldedKey, NamedOnce
from hms.core.typed_text import require_letter


class Nurse(Audited, NamedOnce, PostalAddress):
    """A nurse and the doctors whose patients the nurse looks after."""

    log_name = "full_name"
    log_access = ("user", "doctors")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="nurse",
        verbose_name=_("login"),
    )
    department = models.ForeignKey(
        "scheduling.Department",
        on_delete=models.PROTECT,
        related_name="nurses",
        verbose_name=_("department"),
    )
    full_name = models.CharField(_("full name"), max_length=120, validators=[require_letter])
    registration_number = models.CharField(_("registration number"), max_length=40)
    registration_key = FoldedKey("registration_number", unique=True)
    degree = models.CharField(_("degrees"), max_length=120, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    doctors = models.ManyToManyField(
        "scheduling.Doctor", blank=True, related_name="nurses", verbose_name=_("works with")
    )
    is_active = models.BooleanField(_("on duty"), default=True)

    class Meta:
        ordering = ["full_name", "pk"]
        verbose_name = _("nurse")
        verbose_name_plural = _("nurses")

    def __str__(self):
        return self.full_name
