from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited


class LoadedList(Audited):
    """A list in one edition, loaded from a package or a file, and again only if it differs."""

    name = models.CharField(_("source"), max_length=60, unique=True)
    edition = models.CharField(_("edition"), max_length=40)
    digest = models.CharField(_("fingerprint of the content"), max_length=64, editable=False)
    loaded_at = models.DateTimeField(_("loaded at"), editable=False)

    class Meta(Audited.Meta):
        abstract = True
        ordering = ["pk"]
