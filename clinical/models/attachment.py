from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinical.models.record import ClinicalRecord
from clinical.models.signed import Signed
from clinical.querysets import AttachmentQuerySet
from clinical.statuses import AttachmentKind, AttachmentStatus, FileType
from hms.core.constraints import one_of

OF_RESULT = Q(kind=AttachmentKind.RESULT)


class Attachment(Signed, ClinicalRecord):
    """A file in a patient's record: brought, made elsewhere, or the result of a test."""

    signed_statuses = frozenset(AttachmentStatus)
    void_statuses = frozenset({AttachmentStatus.WITHDRAWN})
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

    @property
    def is_of_result(self) -> bool:
        return self.kind == AttachmentKind.RESULT

    @classmethod
    def released(cls) -> Q:
        return Q(is_released=True, status=AttachmentStatus.CURRENT) & ~OF_RESULT

    @classmethod
    def carer_grounds(cls, user) -> Q:
        """Also the files of results that a doctor has acknowledged."""
        results = cls._results()
        own = results.filter(results.model.carer_grounds(user)).for_patients()
        return super().carer_grounds(user) | cls._of(own)

    @classmethod
    def staff_grounds(cls, user) -> Q:
        """The file of a result is open to those who read the result, the laboratory too."""
        return (super().staff_grounds(user) & ~OF_RESULT) | cls._of(cls._results().visible_to(user))

    @classmethod
    def _results(cls):
        return cls._meta.get_field("lab_results").related_model.objects

    @classmethod
    def _of(cls, results) -> Q:
        return OF_RESULT & Q(pk__in=results.filter(file__isnull=False).order_by().values("file"))
