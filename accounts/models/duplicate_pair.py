from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.owned import PatientOwned
from accounts.querysets import DuplicatePairQuerySet
from accounts.statuses import PairStatus
from hms.core.constraints import one_of
from hms.core.references import new_reference


class DuplicatePair(PatientOwned):
    """What the front desk decided about two patients who may be one person; `patient` is the newer record."""

    view_every_permission = "accounts.view_every_patient"
    guardian_scopes = ()  # names another patient
    access_created = _("Compared %(whose)s registration with another one")
    access_nouns = (_("comparison with another registration"), _("comparisons with other registrations"))

    reference = models.CharField(
        _("reference"), max_length=10, unique=True, default=new_reference, editable=False
    )
    patient = models.ForeignKey(
        "accounts.Patient", on_delete=models.PROTECT, related_name="compared_with",
        verbose_name=_("newer record"),
    )  # fmt: skip
    original = models.ForeignKey(
        "accounts.Patient", on_delete=models.PROTECT, related_name="+", verbose_name=_("older record")
    )
    status = models.CharField(_("decision"), max_length=12, choices=PairStatus, default=PairStatus.OPEN)
    reason = models.CharField(_("reason"), max_length=200)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)

    objects = DuplicatePairQuerySet.as_manager()

    class Meta(PatientOwned.Meta):
        ordering = ["-decided_at", "-pk"]
        default_permissions = ("view",)
        verbose_name = _("decision about a duplicate")
        verbose_name_plural = _("decisions about duplicates")
        constraints = [
            models.UniqueConstraint(fields=["patient", "original"], name="accounts_pair_is_decided_once"),
            models.CheckConstraint(
                condition=Q(patient__gt=F("original")), name="accounts_pair_names_the_newer_record_first"
            ),
            one_of("status", PairStatus, "accounts_pair_status_exists"),
        ]

    def __str__(self):
        return self.reference
