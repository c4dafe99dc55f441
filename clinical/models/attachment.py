from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinical.models.record import ClinicalRecord
from clinical.models.signed import Signed
from clinical.querysets import AttachmentQuerySet
from clinical.statuses import AttachmentKind, AttachmentStatus, FileType
from hms.core.constraints import one_of


class Attachment(Signed, ClinicalRecord):
    """A file in a patient's record: a report or picture that was brought or made elsewhere."""

    signed_statuses = frozenset(AttachmentStatus)
    changes_after_signing = ("is_released", "status_reason")
    access_nouns = (_("file"), _("files"))
    access_created = _("Added a file to %(whose)s record")
    access_changed = _("Changed who sees a file of %(whose)s record")

    appointment = models.ForeignKey(
        "scheduling.Appointment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name=_("visit"),
    )
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=AttachmentKind)
    is_released = models.BooleanField(_("the patient may see it"), default=False)
    original_name = models.CharField(_("file name"), max_length=120, editable=False)
    file_type = models.CharField(_("type"), max_length=20, choices=FileType, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    stored_name = models.CharField(max_length=40, unique=True, editable=False)
    status = models.CharField(
        _("status"), max_length=12, choices=AttachmentStatus, default=AttachmentStatus.CURRENT
    )
    status_reason = models.CharField(_("reason for the status"), max_length=200, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering = ["-recorded_at", "-pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            one_of("kind", AttachmentKind, "clinical_attachment_kind_exists"),
            one_of("file_type", FileType, "clinical_attachment_has_an_accepted_type"),
            one_of("status", AttachmentStatus, "clinical_attachment_status_exists"),
            models.CheckConstraint(
                condition=~Q(status=AttachmentStatus.WITHDRAWN, status_reason=""),
                name="clinical_attachment_is_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self):
        return self.title

    def chart_text(self) -> str:
        return f"{self.get_kind_display()}, {self.original_name}"

    @classmethod
    def released(cls) -> Q:
        return Q(is_released=True, status=AttachmentStatus.CURRENT)
