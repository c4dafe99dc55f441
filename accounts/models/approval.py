from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.approvals import kinds
from accounts.querysets import ApprovalQuerySet
from accounts.statuses import ApprovalStatus
from audit.models.audited import Audited
from hms.core.constraints import one_of
from hms.core.references import new_reference

DECIDED = (ApprovalStatus.APPROVED, ApprovalStatus.DECLINED)


class ApprovalRequest(Audited):
    """A step that one person asks for and that is taken when another one approves it."""

    reference = models.CharField(
        _("reference"), max_length=10, unique=True, default=new_reference, editable=False
    )
    kind = models.CharField(_("kind"), max_length=24)
    about_pk = models.BigIntegerField()
    values = models.JSONField(default=dict)
    summary = models.TextField(_("what is asked for"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    expires_at = models.DateTimeField(_("can be approved until"))
    status = models.CharField(_("status"), max_length=12, choices=ApprovalStatus, default=ApprovalStatus.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("closed at"), null=True)
    note = models.TextField(_("note"), blank=True)
    # What it asks for while it is open, else NULL: nothing is asked for twice at once (ADR 0003).
    open_for = models.CharField(max_length=120, unique=True, null=True, editable=False)

    objects = ApprovalQuerySet.as_manager()

    class Meta(Audited.Meta):
        ordering = ["-asked_at", "-pk"]
        default_permissions = ("view",)
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            one_of("status", ApprovalStatus, "accounts_approval_status_exists"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="accounts_nobody_approves_what_they_asked_for",
            ),
            models.CheckConstraint(
                condition=Q(status__in=DECIDED, decided_by__isnull=False)
                | (~Q(status__in=DECIDED) & Q(decided_by__isnull=True)),
                name="accounts_approval_is_decided_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(status=ApprovalStatus.OPEN, open_for__isnull=False, decided_at__isnull=True)
                | (~Q(status=ApprovalStatus.OPEN) & Q(open_for__isnull=True, decided_at__isnull=False)),
                name="accounts_only_open_approvals_keep_others_away",
            ),
        ]
        indexes = [models.Index(fields=["status", "asked_at"], name="accounts_approvals_by_status")]

    def __str__(self):
        return self.reference

    @property
    def kind_label(self) -> str:
        return str(kinds[self.kind].label) if self.kind in kinds else self.kind

    @property
    def is_open(self) -> bool:
        return self.status == ApprovalStatus.OPEN

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()
