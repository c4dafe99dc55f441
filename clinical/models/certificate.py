from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clinical.models.record import ClinicalRecord
from clinical.models.signed import Signed
from clinical.querysets import CertificateQuerySet
from clinical.statuses import CertificateKind, CertificateStatus
from hms.core.constraints import one_of


class Certificate(Signed, ClinicalRecord):
    """A numbered certificate or letter of the doctor of a visit, with a copy of everything printed on it."""

    signed_statuses = frozenset(CertificateStatus)
    void_statuses = signed_statuses - {CertificateStatus.ISSUED}
    changes_after_signing = ("status_reason", "ended_at")
    access_created = _("Issued a certificate or letter for %(whom)s")
    access_changed = _("Withdrew or replaced %(whose)s certificate or letter")

    appointment = models.ForeignKey(
        "scheduling.Appointment",
        on_delete=models.PROTECT,
        related_name="certificates",
        verbose_name=_("visit"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=CertificateKind)
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    from_on = models.DateField(_("from"), null=True, blank=True)
    to_on = models.DateField(_("to"), null=True, blank=True)
    text = models.TextField(_("text"), max_length=2000)
    identification_mark = models.CharField(_("identification mark"), max_length=120, blank=True)
    frozen = models.JSONField(_("as printed"), editable=False)
    document = models.OneToOneField(
        "clinical.DocumentCode", on_delete=models.PROTECT, related_name="+", verbose_name=_("document code")
    )
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )
    status = models.CharField(
        _("status"), max_length=12, choices=CertificateStatus, default=CertificateStatus.ISSUED
    )
    status_reason = models.CharField(_("reason for withdrawing"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("replaced or withdrawn at"), null=True, editable=False)

    objects = CertificateQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering = ["-recorded_at", "-pk"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            one_of("kind", CertificateKind, "clinical_certificate_kind_exists"),
            one_of("status", CertificateStatus, "clinical_certificate_status_exists"),
            models.CheckConstraint(
                condition=Q(from_on__isnull=True) | Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="clinical_certificate_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(status=CertificateStatus.WITHDRAWN, status_reason=""),
                name="clinical_certificate_is_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self):
        return self.number

    def chart_title(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def chart_text(self) -> str:
        return self.text

    def get_absolute_url(self):
        return reverse("clinical:show-certificate", args=[self.reference])
