from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditHoldQuerySet(models.QuerySet):
    def in_force(self) -> "AuditHoldQuerySet":
        return self.filter(released_at=None)


class AuditHold(models.Model):
    """A legal hold keeps entries of a patient, of a period, or of both until it is released.

    Written by `audit.evidence.retention` only, which logs it.
    """

    patient_id = models.BigIntegerField(_("patient"), null=True, blank=True, help_text=_("Empty: everybody"))
    begins_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    placed_at = models.DateTimeField(_("placed at"), default=timezone.now, editable=False)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True, editable=False)

    objects = AuditHoldQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at"]
        default_permissions = ("view",)
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")

    def __str__(self):
        return self.reason
