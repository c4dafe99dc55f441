"""The query set of every logged model: `update()` and `bulk_*` are logged like a save.

Rows are read under a lock before they change, in the same transaction, and exactly the rows that were
read are changed; so before and after are right even while others write.
"""

from django.db import connections, models, transaction

from audit.capture.changes import all_updated, created, deleted, values_after, values_in_database
from audit.capture.reads import note
from audit.capture.recorder import one_insert, write
from audit.capture.registry import Registration, registration_of
from audit.capture.rows import locked_rows, parts, plain_rows
from audit.capture.values import is_expression, logged_value
from audit.exceptions import CannotBeLogged
from hms.core.folded import with_keys
from hms.core.inserts import PreparedInserts
from hms.core.typed_text import clean_row, clean_values


class AuditedQuerySet(PreparedInserts):
    """Base of every query set whose model is registered with the log.

    If `is_shown`, fetching its rows is an access that is logged: see `audit.capture.reads`.
    """

    is_shown = False

    def _clone(self):
        clone = super()._clone()
        clone.is_shown = self.is_shown
        return clone

    def _fetch_all(self):
        is_fresh = self._result_cache is None
        super()._fetch_all()
        if is_fresh and self.is_shown:
            note(self._result_cache)

    def iterator(self, *args, **kwargs):
        rows = super().iterator(*args, **kwargs)
        return _noted(rows) if self.is_shown else rows

    def update(self, **values):
        registration = registration_of(self.model)
        values = with_keys(self.model, clean_values(self.model, values))
        fields = registration.logged(values) if registration else ()
        if not fields or self.query.combinator or self.query.is_sliced:
            return super().update(**values)
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False):
            before = locked_rows(self._unlogged(), registration, fields)
            count = self._update_exactly(before, values)
            after = self._after_update(registration, fields, values, before)
            write(all_updated(registration, fields, before, after, self.db), using=self.db)
        self._result_cache = None
        return count

    update.alters_data = True

    def bulk_create(self, objs, batch_size=None, **conflicts):
        registration = registration_of(self.model)
        if registration is None:
            return super().bulk_create(objs, batch_size, **conflicts)
        if any(conflicts.values()):
            raise CannotBeLogged("bulk_create() of a logged model cannot resolve conflicts.")
        self._for_write = True
        objs = list(objs)
        with transaction.atomic(using=self.db, savepoint=False):
            if connections[self.db].features.can_return_rows_from_bulk_insert:
                super().bulk_create(objs, batch_size)
                write((created(registration, row, self.db) for row in objs), using=self.db)
            else:  # MySQL does not return the new keys, so rows are inserted and logged one by one
                for row in objs:
                    row.save(force_insert=True, using=self.db)
        return objs

    bulk_create.alters_data = True

    def bulk_update(self, objs, fields, batch_size=None):
        registration = registration_of(self.model)
        logged = registration.logged(fields) if registration else ()
        objs = tuple(objs)
        if not logged or not objs:
            return super().bulk_update(objs, fields, batch_size)
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False):
            before = {}
            for row in objs:
                clean_row(row, logged)
            for pks in parts(row.pk for row in objs):
                before |= locked_rows(self._unlogged().filter(pk__in=pks), registration, logged)
            count = self._unlogged().bulk_update(objs, fields, batch_size)
            after = {row.pk: values_after(registration, logged, row, self.db) for row in objs}
            write(all_updated(registration, logged, before, after, self.db), using=self.db)
        return count

    bulk_update.alters_data = True

    def delete(self):
        if registration_of(self.model) is None:
            return super().delete()
        self._for_write = True
        with transaction.atomic(using=self.db, savepoint=False), one_insert(self.db):
            if not self.query.is_sliced:  # Django refuses it below
                list(self._unlogged().order_by().select_for_update().values_list("pk"))
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def _raw_delete(self, using):
        registration = registration_of(self.model)
        if registration is None:
            return super()._raw_delete(using)
        with transaction.atomic(using=using, savepoint=False):
            before = locked_rows(self._unlogged(), registration, registration.all_fields)
            count = super()._raw_delete(using)
            write((deleted(registration, row) for row in before.values()), using=using)
        return count

    _raw_delete.alters_data = True

    def _unlogged(self) -> models.QuerySet:
        """The same rows in a plain query set."""
        return models.QuerySet(self.model, query=self.query.chain(), using=self.db)

    def _update_exactly(self, before: dict, values: dict) -> int:
        """Update the rows that were read; an expression may need the query's own annotations."""
        by_database = any(map(is_expression, values.values()))
        rows = self._unlogged() if by_database else plain_rows(self.model, self.db)
        return sum(rows.filter(pk__in=pks).update(**values) for pks in parts(before))

    def _after_update(self, registration: Registration, fields: tuple, values: dict, before: dict) -> dict:
        if any(map(is_expression, values.values())):
            return values_in_database(registration, fields, before, self.db)
        given = {registration.fields[name]: values[name] for name in values if name in registration.fields}
        after = {field.attname: logged_value(field, value) for field, value in given.items()}
        return dict.fromkeys(before, after)


def _noted(rows):
    for row in rows:
        note([row])
        yield row
