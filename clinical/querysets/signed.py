from contextvars import ContextVar

from django.db import transaction
from django.db.models import Field

from accounts.querysets import PatientOwnedQuerySet
from clinical.exceptions import SignedIsFinal
from hms.core.locks import take_turns

ALWAYS_CHANGES = "confidentiality"  # who may read a row, not what it says
# The model and keys of rows that are being inserted together with their parts.
_inserted_now: ContextVar[tuple] = ContextVar("inserted_now", default=(None, frozenset()))


class SignedQuerySet(PatientOwnedQuerySet):
    """Refuses to change or delete signed rows, and to add, change or delete parts of them.

    Only `save()` may still change the columns that the model names in `changes_after_signing`.
    """

    def bulk_create_with_parts(self, rows, parts, batch_size=None):
        """Insert new rows, signed or not, and their parts, which belong to these rows and to no others."""
        with transaction.atomic(using=self.db, savepoint=False):
            rows = self.bulk_create(rows, batch_size=batch_size)
            inserted = _inserted_now.set((self.model, frozenset(row.pk for row in rows)))
            try:
                for model in dict.fromkeys(map(type, parts)):
                    of_model = [part for part in parts if type(part) is model]
                    model._default_manager.using(self.db).bulk_create(of_model, batch_size=batch_size)
            finally:
                _inserted_now.reset(inserted)
        return rows

    bulk_create_with_parts.alters_data = True

    def update(self, **values):
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False):
            self._refuse_signed()
            return super().update(**values)

    update.alters_data = True

    def bulk_update(self, objs, fields, batch_size=None):
        self._for_write = True
        objs = tuple(objs)
        with transaction.atomic(using=self.db, savepoint=False):
            self.filter(pk__in=[row.pk for row in objs])._refuse_signed()
            return super().bulk_update(objs, fields, batch_size)

    bulk_update.alters_data = True

    def delete(self):
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False):
            self._refuse_signed()
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def _raw_delete(self, using):
        with transaction.atomic(using=using, savepoint=False):
            self._refuse_signed()
            return super()._raw_delete(using)

    _raw_delete.alters_data = True

    def _update(self, values):
        """What `save()` writes: also columns that have not changed."""
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False):
            fields = {field.attname: (field, value) for field, _model, value in values}
            for row in self._signed_rows(*fields):
                if any(self._is_refused(field, row[name], new) for name, (field, new) in fields.items()):
                    raise SignedIsFinal
            return super()._update(values)

    _update.alters_data = True
    _update.queryset_only = False

    def _insert(self, objs, fields, *args, **kwargs):
        owner, _, path = self.model.signed_path.rpartition("__")
        if owner:
            owners = self.model._meta.get_field(owner).related_model._base_manager
            keys = {getattr(row, f"{owner}_id") for row in objs}
            model, inserted = _inserted_now.get()
            keys -= inserted if model is owners.model else set()
            # A statement of its own: the owner stays locked until the part is in the database.
            statuses = owners.filter(pk__in=keys).select_for_update().order_by().values_list(path, flat=True)
            with transaction.atomic(using=self.db, savepoint=False):
                take_turns(*((owners.model, key) for key in keys), using=self.db)
                if self.model.signed_statuses.intersection(statuses):
                    raise SignedIsFinal
                return super()._insert(objs, fields, *args, **kwargs)
        return super()._insert(objs, fields, *args, **kwargs)

    _insert.alters_data = True
    _insert.queryset_only = False

    def _is_refused(self, field: Field, old, new) -> bool:
        """Whether a signed row may not take the value; its status may only become another of the signed."""
        if field.get_prep_value(old) == field.get_prep_value(new):
            return False
        if field.name == self.model.signed_path:
            return new not in self.model.signed_statuses
        return field.name not in {ALWAYS_CHANGES, *self.model.changes_after_signing}

    def _refuse_signed(self) -> None:
        if self._signed_rows():
            raise SignedIsFinal

    def _signed_rows(self, *columns: str) -> list[dict]:
        """The signed ones of these rows, which all stay locked until the transaction ends."""
        path = self.model.signed_path
        rows = self._unlogged().order_by().select_for_update().values("pk", path, *columns)
        return [row for row in rows if row[path] in self.model.signed_statuses]


class AddendumQuerySet(SignedQuerySet):
    """Parts that are added to signed rows, and final from the beginning."""

    def for_list(self) -> "AddendumQuerySet":
        return self.select_related("recorded_by")

    def _insert(self, *args, **kwargs):
        return super(SignedQuerySet, self)._insert(*args, **kwargs)

    _insert.alters_data = True
    _insert.queryset_only = False
