from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import PatientRecord
from clinical.querysets.emergency import EmergencyAccessQuerySet
from hms.core.constraints import before


class EmergencyAccess(PatientRecord):
    """One member of staff opened the record of a patient whom they do not treat, for a stated reason.

    It ends by itself; auditors review it as an anomaly, and the patient reads about it.
    """

    view_every_permission = "audit.review_anomaly"
    guardian_scopes = ()
    log_private = ("reason",)  # may hold clinical words; reviewers read it in the row
    access_created = _("Opened %(whose)s record in an emergency")

    reason = models.CharField(_("reason"), max_length=300)
    ends_at = models.DateTimeField(_("ends at"))

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta(PatientRecord.Meta):
        ordering = ["-recorded_at", "-pk"]
        verbose_name = _("emergency access")
        verbose_name_plural = _("emergency accesses")
        indexes = [models.Index(fields=["recorded_by", "ends_at"], name="clinical_emergency_open")]
        constraints = [
            before("recorded_at", "ends_at", "clinical_emergency_access_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="clinical_emergency_access_has_a_reason"
            ),
        ]

    @classmethod
    def staff_grounds(cls, user):
        """A person's own accesses."""
        return models.Q(recorded_by=user)
