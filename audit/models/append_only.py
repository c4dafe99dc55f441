"""Base class of append-only tables: rows can be added and read."""

from django.db import models

from audit.exceptions import LogIsAppendOnly


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **_values):
        raise LogIsAppendOnly

    update.alters_data = True

    def _update(self, _values):
        raise LogIsAppendOnly

    _update.alters_data = True
    _update.queryset_only = False

    def bulk_update(self, *_args, **_options):
        raise LogIsAppendOnly

    bulk_update.alters_data = True

    def bulk_create(self, objs, batch_size=None, **conflicts):
        if any(conflicts.values()):
            raise LogIsAppendOnly
        return super().bulk_create(objs, batch_size=batch_size)

    bulk_create.alters_data = True

    def delete(self):
        raise LogIsAppendOnly

    delete.alters_data = True
    delete.queryset_only = True

    def _raw_delete(self, *_args, **_options):
        raise LogIsAppendOnly

    _raw_delete.alters_data = True


class AppendOnly(models.Model):
    """An append-only row; the database refuses changes too, see `audit.evidence.triggers`."""

    keeps_text_as_given = True  # the signature is over what was given

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *, using=None, **_options):
        """Add the row; refuses a row that exists."""
        if not self._state.adding:
            raise LogIsAppendOnly
        super().save(using=using, force_insert=True)

    def delete(self, *_args, **_options):
        raise LogIsAppendOnly
