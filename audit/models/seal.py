from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.sealed import Sealed


class AuditSeal(Sealed):
    """A part of the log, sealed: which entries stood there, their hashes as one, and the seal before.

    `total` counts the entries under this seal and all before it. As the `mac` is the `previous` of the
    next seal, it stands for the whole log up to here: it is the checkpoint that is kept elsewhere.
    """

    sealed_at = models.DateTimeField(_("sealed at"))
    total = models.PositiveBigIntegerField(_("entries in all"))
    previous = models.CharField(_("seal before"), max_length=64, blank=True)

    class Meta:
        base_manager_name = "objects"
        ordering = ["number"]
        default_permissions = ("view",)
        verbose_name = _("seal of the log")
        verbose_name_plural = _("seals of the log")
        indexes = [models.Index(fields=["last_id"], name="audit_seal_by_last_entry")]

    def __str__(self):
        return _("Seal %(number)s") % {"number": self.number}
