from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import PatientOwned, Scope

LONGEST_NUMBER = 16  # rule 46(b) of the CGST Rules


class NumberSeries(models.Model):
    """The last number used in one series of one financial year; incremented only under a row lock."""

    series = models.CharField(_("series"), max_length=4)
    financial_year = models.CharField(_("financial year"), max_length=4)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        ordering = ["series", "-financial_year"]
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "financial_year"], name="billing_series_runs_once_a_year"
            ),
        ]

    def __str__(self):
        return f"{self.series}/{self.financial_year}"


class Receipt(PatientOwned):
    """The numbered document for a captured payment, with a copy of everything printed on it."""

    to_patient = "payment__invoice__patient_id"
    view_every_permission = "billing.view_receipt"
    guardian_scopes = (Scope.PAY,)
    access_created = _("Issued a receipt for %(whom)s")

    payment = models.OneToOneField(
        "billing.Payment", on_delete=models.PROTECT, related_name="receipt", verbose_name=_("payment")
    )
    series = models.CharField(_("series"), max_length=4, editable=False)
    financial_year = models.CharField(_("financial year"), max_length=4, editable=False)
    serial = models.PositiveIntegerField(_("serial number"), editable=False)
    number = models.CharField(_("number"), max_length=LONGEST_NUMBER, unique=True, editable=False)
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now, editable=False, db_index=True)
    frozen = models.JSONField(_("as printed"), editable=False)

    class Meta(PatientOwned.Meta):
        ordering = ["-issued_at", "-pk"]
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "financial_year", "serial"],
                name="billing_receipt_number_is_given_once",
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[A-Za-z0-9/-]{1,16}$"),
                name="billing_receipt_number_is_as_the_law_wants",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("billing:show-receipt", args=[self.payment.reference])
