from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.statuses import AnomalyStatus
from hms.core.constraints import one_of


class Anomaly(models.Model):
    """A pattern of one person's accesses within an hour or a day that an auditor should review.

    It points to entries and proves nothing itself. `key` is unique per rule, person, beginning and patient,
    so repeated searches find it once. Written by `audit.anomalies` only, which logs decisions.
    """

    key = models.CharField(max_length=120, editable=False)
    rule = models.CharField(_("rule"), max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        verbose_name=_("person"),
    )
    actor_label = models.CharField(_("person"), max_length=200)
    patient_id = models.BigIntegerField(_("patient"), null=True)
    begins_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    count = models.PositiveIntegerField(_("how many"))
    event_ids = models.JSONField(_("log entries"), default=list)
    found_at = models.DateTimeField(_("found at"), default=timezone.now)
    status = models.CharField(_("status"), max_length=12, choices=AnomalyStatus, default=AnomalyStatus.OPEN)
    note = models.TextField(_("note"), blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)

    class Meta:
        ordering = ["-begins_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("review_anomaly", _("Can close anomalies with an outcome"))]
        verbose_name = _("anomaly")
        verbose_name_plural = _("anomalies")
        constraints = [
            models.UniqueConstraint(fields=["key"], name="audit_anomaly_is_found_once"),
            one_of("status", AnomalyStatus, "audit_anomaly_status_exists"),
        ]
        indexes = [models.Index(fields=["status", "begins_at"], name="audit_anomaly_by_status")]

    def __str__(self):
        return f"{self.actor_label}, {timezone.localdate(self.begins_at)}"
