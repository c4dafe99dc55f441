from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.evidence.append_only import AppendOnly


class AuditSubject(AppendOnly):
    """An entry of the log shows this patient: the index by which access to one patient is found.

    An index and no evidence: the entry itself names the same patients under its keyed hash.
    """

    event_id = models.BigIntegerField(_("log entry"))
    patient_id = models.BigIntegerField(_("patient"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("patient of a log entry")
        verbose_name_plural = _("patients of log entries")
        constraints = [
            models.UniqueConstraint(fields=["patient_id", "event_id"], name="audit_subject_once"),
        ]
        indexes = [models.Index(fields=["event_id"], name="audit_subject_by_event")]

    def __str__(self):
        return f"{self.event_id}: {self.patient_id}"
