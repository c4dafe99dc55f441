"""Tax rates are rows with dates and a legal ground; the code contains no rate."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from billing.querysets import TaxClassQuerySet
from billing.statuses import ChargeKind, Treatment
from hms.core.constraints import one_of
from hms.core.folded import FoldedKey, NamedOnce

is_sac = RegexValidator(r"^99\d{2}(\d{2})?$", _("A SAC has 4 or 6 digits and begins with 99."))


class TaxClass(Audited, NamedOnce):
    """One tax treatment and its period of validity; a new rate is a new row with the same code."""

    code = models.SlugField(_("code"), max_length=40)
    code_key = FoldedKey("code")
    name = models.CharField(_("name"), max_length=120)
    treatment = models.CharField(_("treatment"), max_length=8, choices=Treatment)
    rate = models.DecimalField(
        _("rate (%)"), max_digits=5, decimal_places=2, default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("CGST and SGST together."),
    )  # fmt: skip
    sac = models.CharField(_("SAC"), max_length=6, blank=True, validators=[is_sac])
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    legal_ref = models.CharField(_("legal ground"), max_length=200, blank=True)

    objects = TaxClassQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["code", "-valid_from"]
        verbose_name = _("tax class")
        verbose_name_plural = _("tax classes")
        constraints = [
            models.UniqueConstraint(
                fields=["code_key", "valid_from"], name="billing_tax_class_changes_once_a_day"
            ),
            one_of("treatment", Treatment, "billing_tax_class_treatment_exists"),
            models.CheckConstraint(
                condition=Q(treatment=Treatment.TAXABLE, rate__gt=0, rate__lte=100)
                | (~Q(treatment=Treatment.TAXABLE) & Q(rate=0)),
                name="billing_tax_class_has_a_rate_only_when_taxable",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="billing_tax_class_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return self.name


class TaxPolicy(Audited, NamedOnce):
    """One reading of the law: which tax class each kind of charge belongs to."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    code_key = FoldedKey("code", unique=True)
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        verbose_name = _("tax policy")
        verbose_name_plural = _("tax policies")

    def __str__(self):
        return self.name


class TaxRule(Audited):
    """The tax class of a kind of charge under one policy; the row of its code in force on the day applies."""

    policy = models.ForeignKey(
        TaxPolicy, on_delete=models.PROTECT, related_name="rules", verbose_name=_("policy")
    )
    kind = models.CharField(_("charge"), max_length=20, choices=ChargeKind)
    tax_class = models.ForeignKey(
        TaxClass, on_delete=models.PROTECT, related_name="rules", verbose_name=_("tax class")
    )

    class Meta:
        base_manager_name = "objects"
        ordering = ["policy", "kind"]
        verbose_name = _("tax rule")
        verbose_name_plural = _("tax rules")
        constraints = [
            models.UniqueConstraint(fields=["policy", "kind"], name="billing_policy_has_one_rule_per_charge"),
            one_of("kind", ChargeKind, "billing_tax_rule_charge_exists"),
        ]

    def __str__(self):
        return f"{self.policy}: {self.get_kind_display()}"
