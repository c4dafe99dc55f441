"""`migrate` one at a time, and again after it was killed half-way.

MySQL and MariaDB commit each change of a table by itself, so a killed `migrate` leaves a migration half done,
and the next one fails at what exists. Therefore each operation is noted when it is done. The next `migrate`
begins with the first that is not, and takes what exists there as its own work.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from django.db import DatabaseError, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from hms.core.locks import is_in_cluster

# MySQL/MariaDB: a table, column, index, key or check exists, or what is dropped does not.
EXISTS = {1050, 1060, 1061, 1068, 1826, 1051, 1091}
# A table or column has its new name already.
RENAMED = {1054, 1146}
RENAMES = ("RENAME ", "ALTER TABLE")
# InnoDB's "cannot create": 121 stands for a foreign key that exists.
CANNOT_CREATE, DUPLICATE = 1005, "errno: 121"


class Journal:
    """The migrations that were begun, with how many of their operations are done."""

    def __init__(self, connection):
        self.connection = connection
        self._run(
            "CREATE TABLE IF NOT EXISTS migrations_begun (app varchar(100) NOT NULL,"
            " name varchar(100) NOT NULL, done integer NOT NULL, PRIMARY KEY (app, name))"
        )

    def done(self, migration: Migration) -> int | None:
        """None for a migration that was not begun."""
        rows = self._run(
            "SELECT done FROM migrations_begun WHERE app = %s AND name = %s", *self._key(migration)
        )
        return rows[0][0] if rows else None

    def note(self, migration: Migration, done: int) -> None:
        values = (*self._key(migration), done)
        self._run("REPLACE INTO migrations_begun (app, name, done) VALUES (%s, %s, %s)", *values)

    def forget(self, migration: Migration) -> None:
        self._run("DELETE FROM migrations_begun WHERE app = %s AND name = %s", *self._key(migration))

    def _key(self, migration: Migration) -> tuple[str, str]:
        return migration.app_label, migration.name

    def _run(self, sql: str, *values: object) -> tuple:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else ()


class ResumingExecutor(MigrationExecutor):
    """Django's executor, with a journal where the database commits each change of a table.

    With `repairs`, the first migration that is not noted counts as begun: a `migrate` without this journal
    was killed in it.
    """

    repairs = False

    def apply_migration(self, state, migration, fake=False, fake_initial=False):
        if fake or fake_initial or self.connection.features.can_rollback_ddl:
            return super().apply_migration(state, migration, fake, fake_initial)
        report = self.progress_callback or (lambda *_args: None)
        report("apply_start", migration, fake)
        journal = Journal(self.connection)
        state = self._apply_rest(state, migration, journal)
        with transaction.atomic(self.connection.alias):
            self.record_migration(migration)
            journal.forget(migration)
        report("apply_success", migration, fake)
        return state

    def _apply_rest(self, state: ProjectState, migration: Migration, journal: Journal) -> ProjectState:
        done, every_one = journal.done(migration), False
        if done is None:
            every_one, self.repairs = self.repairs, False
            journal.note(migration, 0)
        for number, operation in enumerate(migration.operations):
            before = state.clone()
            operation.state_forwards(migration.app_label, state)
            if number >= (done or 0):
                was_begun = every_one or number == done
                self._apply_one(migration, operation, before, state, journal, number + 1, was_begun)
        return state

    def _apply_one(
        self,
        migration: Migration,
        operation: Operation,
        before: ProjectState,
        after: ProjectState,
        journal: Journal,
        number: int,
        was_begun: bool,
    ) -> None:
        editor_class = self.connection.SchemaEditorClass
        if was_begun:
            editor_class = type("ResumingSchemaEditor", (TakesWhatExists, editor_class), {})
        is_whole = operation.atomic or (migration.atomic and operation.atomic is not False)
        whole = transaction.atomic(self.connection.alias) if is_whole else nullcontext()
        with editor_class(self.connection, atomic=migration.atomic) as editor, whole:
            operation.database_forwards(migration.app_label, editor, before, after)
            if is_whole:  # rows that it writes and the note are there together, or neither
                journal.note(migration, number)
        if was_begun:
            self._add_missing_foreign_keys(after)
        journal.note(migration, number)

    def _add_missing_foreign_keys(self, state: ProjectState) -> None:
        """A change of a column drops its foreign key first, and adds it again only if it has dropped it."""
        with self.connection.schema_editor() as editor:
            for model in state.apps.get_models(include_auto_created=True):
                for field in model._meta.local_concrete_fields if model._meta.managed else ():
                    is_key = field.remote_field and field.db_constraint
                    if is_key and not editor._constraint_names(model, [field.column], foreign_key=True):
                        editor.execute(editor._create_fk_sql(model, field, "_fk_%(to_table)s_%(to_column)s"))


class TakesWhatExists:
    """A schema editor that goes on where a statement has taken effect before."""

    def execute(self, sql, params=()):
        try:
            return super().execute(sql, params)
        except DatabaseError as error:
            if not _has_effect(str(sql), error):
                raise
            return None


def _has_effect(sql: str, error: DatabaseError) -> bool:
    code, *rest = error.args or (None,)
    if code == CANNOT_CREATE:
        return any(DUPLICATE in str(words) for words in rest)
    return code in EXISTS or (code in RENAMED and "RENAME" in sql and sql.startswith(RENAMES))


@contextmanager
def alone(connection, wait_for: Callable[[], object]) -> Iterator[None]:
    """Let no other `migrate` run on the database meanwhile; calls `wait_for` if it has to wait for one.

    Between the nodes of a cluster no lock is known that would do this.
    """
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():
        with _alone_with_file(Path(connection.settings_dict["NAME"]), wait_for):
            yield
    elif connection.vendor == "mysql" and not is_in_cluster(connection):
        with _alone_on_server(connection, wait_for):
            yield
    else:
        yield


@contextmanager
def _alone_with_file(database: Path, wait_for: Callable[[], object]) -> Iterator[None]:
    """The lock is on the folder: one on the file would end SQLite's own locks when it is released."""
    folder = os.open(database.absolute().parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait_for()
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


@contextmanager
def _alone_on_server(connection, wait_for: Callable[[], object]) -> Iterator[None]:
    name = f"migrate {connection.settings_dict['NAME']}"[:64]

    def take(seconds: int) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT GET_LOCK(%s, %s)", [name, seconds])
            return cursor.fetchone()[0] == 1

    if not take(0):
        wait_for()
        while not take(60):
            pass
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT RELEASE_LOCK(%s)", [name])
