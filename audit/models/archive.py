from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.sealed import Sealed


class AuditArchive(Sealed):
    """A file of sealed entries that were exported; only what stands in one may ever be purged.

    `actions` are the kinds of entries in it, with a comma before and after each, because the database's
    own trigger has to look into it.
    """

    category = models.CharField(_("category"), max_length=20)
    actions = models.CharField(_("actions"), max_length=400)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    exported_at = models.DateTimeField(_("exported at"))
    exported_by = models.CharField(_("exported by"), max_length=200)

    class Meta:
        base_manager_name = "objects"
        ordering = ["number"]
        default_permissions = ("view",)
        verbose_name = _("archive of the log")
        verbose_name_plural = _("archives of the log")
        indexes = [models.Index(fields=["first_id", "last_id"], name="audit_archive_by_entries")]

    def __str__(self):
        return self.file_name
