from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import PatientRecord, Scope
from clinical.document_codes import new_code
from clinical.models.signed import Signed
from clinical.querysets import DocumentCodeQuerySet
from clinical.statuses import DocumentKind, DocumentStatus
from hms.core.constraints import one_of


class DocumentCode(Signed, PatientRecord):
    """The code printed on one document, and what its public page says; the document refers to it."""

    is_part = True
    view_every_permission = None
    guardian_scopes = (Scope.SEE_RECORDS,)
    signed_statuses = frozenset(DocumentStatus)
    changes_after_signing = ("ended_at",)

    code = models.CharField(_("code"), max_length=18, unique=True, default=new_code, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind)
    issued_on = models.DateField(_("issued on"))
    issuer = models.CharField(_("issuer"), max_length=200)
    status = models.CharField(
        _("status"), max_length=12, choices=DocumentStatus, default=DocumentStatus.GENUINE
    )
    ended_at = models.DateTimeField(_("replaced or withdrawn at"), null=True, editable=False)

    objects = DocumentCodeQuerySet.as_manager()

    class Meta(PatientRecord.Meta):
        ordering = ["-recorded_at", "-pk"]
        verbose_name = _("document code")
        verbose_name_plural = _("document codes")
        constraints = [
            one_of("kind", DocumentKind, "clinical_document_kind_exists"),
            one_of("status", DocumentStatus, "clinical_document_status_exists"),
            models.CheckConstraint(
                condition=Q(status=DocumentStatus.GENUINE, ended_at__isnull=True)
                | (~Q(status=DocumentStatus.GENUINE) & Q(ended_at__isnull=False)),
                name="clinical_only_a_genuine_document_has_not_ended",
            ),
        ]
