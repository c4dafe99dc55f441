from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from billing.gstin import validate_gstin
from billing.querysets import BillingProfileQuerySet
from hms.core.constraints import not_negative
from hms.core.typed_text import require_letter


class BillingProfile(Audited):
    """The billing settings of the hospital from a day on; the latest row that has started applies."""

    valid_from = models.DateField(_("valid from"), unique=True)
    legal_name = models.CharField(_("legal name"), max_length=120, validators=[require_letter])
    gst_registered = models.BooleanField(
        _("registered for GST"), default=False,
        help_text=_("A hospital that is not registered must not collect tax: none is charged."),
    )  # fmt: skip
    gstin = models.CharField(_("GSTIN"), max_length=15, blank=True, validators=[validate_gstin])
    state_code = models.CharField(
        _("GST state code"), max_length=2, blank=True,
        validators=[RegexValidator(r"^\d{2}$", _("Two digits, for example 29 for Karnataka."))],
    )  # fmt: skip
    policy = models.ForeignKey(
        "billing.TaxPolicy", on_delete=models.PROTECT, related_name="+", verbose_name=_("tax policy")
    )
    service_charge = models.DecimalField(
        _("service charge per booking"), max_digits=9, decimal_places=2, default=0,
        validators=[MinValueValidator(0)],
    )  # fmt: skip

    objects = BillingProfileQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-valid_from"]
        verbose_name = _("billing profile")
        verbose_name_plural = _("billing profiles")
        constraints = [
            not_negative("service_charge", "billing_profile_service_charge_is_not_negative"),
            models.CheckConstraint(
                condition=models.Q(gst_registered=True) | models.Q(gstin=""),
                name="billing_profile_without_registration_has_no_gstin",
            ),
        ]

    def __str__(self):
        return f"{self.legal_name} ({self.valid_from:%Y-%m-%d})"

    def clean(self):
        if not self.gst_registered:
            if self.gstin:
                raise ValidationError({"gstin": _("Only a registered hospital has a GSTIN.")})
            return
        if not self.gstin:
            raise ValidationError({"gstin": _("A registered hospital prints its GSTIN.")})
        if self.state_code and not self.gstin.startswith(self.state_code):
            raise ValidationError({"state_code": _("The GSTIN belongs to another state.")})
