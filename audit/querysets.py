"""The query set of every audited model: what `update()` and `bulk_*` do is logged like a save."""

from django.db import models


class AuditedQuerySet(models.QuerySet):
    """Base of every query set whose model is registered with the log."""
