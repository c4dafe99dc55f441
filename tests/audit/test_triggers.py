"""The database refuses what the application would never do; these tests commit, as DDL does on MariaDB."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError, OperationalError, connection, migrations, transaction

from audit.capture.recorder import Entry, Subject, write
from audit.checks import database_guards_the_log
from audit.evidence import triggers
from audit.evidence.archives import archive_log
from audit.evidence.purging import purge_archive
from audit.evidence.seals import seal_log
from audit.models import Action, AuditArchive, AuditEvent, AuditSeal, AuditSubject
from tests.racing import losing_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("U04")]
MODELS = (AuditEvent, AuditSeal, AuditArchive)


@pytest.fixture
def guarded(transactional_db):
    triggers.install("default")
    yield
    triggers.remove("default")


@pytest.fixture
def archive(transactional_db, tmp_path, next_year) -> AuditArchive:
    """Of five reads; logins and what was written later are not in it."""
    write(Entry(Action.READ, Subject(pk=n)) for n in range(5))
    write([Entry(Action.LOGIN, Subject())])
    seal_log()
    return archive_log("reads", next_year, tmp_path)[0]


@contextmanager
def refused():
    with pytest.raises(DatabaseError, match="The log is append-only"), transaction.atomic():
        yield


@pytest.mark.parametrize("model", MODELS)
def test_no_row_is_changed(model, archive, guarded, sql):
    with refused():
        sql(f"UPDATE {model._meta.db_table} SET mac = 'x'")  # noqa: S608


@pytest.mark.parametrize("model", [AuditSeal, AuditArchive])
def test_no_row_that_proves_the_log_is_deleted(model, archive, guarded, sql):
    with refused():
        sql(f"DELETE FROM {model._meta.db_table}")  # noqa: S608


@pytest.mark.parametrize("model", MODELS)
def test_no_row_is_replaced(model, archive, guarded, sql):
    table = model._meta.db_table

    with refused():
        sql(f"REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608


def test_what_is_not_exported_is_not_deleted(archive, guarded, sql):
    write([Entry(Action.READ, Subject())])

    for condition in ("action = 'login'", f"id > {archive.last_id}", f"id < {archive.first_id}"):
        with refused():
            sql(f"DELETE FROM audit_auditevent WHERE {condition}")  # noqa: S608


def test_a_purge_that_loses_to_another_write_is_done_at_the_second_attempt(archive, tmp_path):
    with losing_once("DELETE FROM", "audit_auditevent"):
        assert purge_archive(archive, tmp_path) == 5


def test_what_is_exported_is_purged(archive, guarded, tmp_path, findings):
    assert purge_archive(archive, tmp_path) == 5
    assert findings() == []


@pytest.fixture
def seen(transactional_db) -> list[AuditSubject]:
    """Two patients on a list."""
    (event,) = write([Entry(Action.READ, Subject(), details={"patients": [2, 3]})])
    return AuditSubject.objects.bulk_create(
        [AuditSubject(event_id=event.pk, patient_id=patient) for patient in (2, 3)]
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditsubject SET patient_id = 9 WHERE patient_id = 3",
        "DELETE FROM audit_auditsubject WHERE patient_id = 3",
        "REPLACE INTO audit_auditsubject (event_id, patient_id) SELECT event_id, 3 FROM audit_auditsubject",
    ],
)
def test_whose_records_an_entry_shows_stays(statement, seen, guarded, sql):
    with refused():
        sql(statement)


def test_whose_records_an_entry_shows_goes_with_the_entry(seen, guarded, next_year, tmp_path, findings):
    seal_log()
    (archive,) = archive_log("reads", next_year, tmp_path)

    assert purge_archive(archive, tmp_path) == 1
    assert AuditSubject.objects.count() == 0
    assert findings() == []


def test_writing_and_sealing_go_on(guarded):
    write(Entry(Action.READ, Subject(pk=n)) for n in range(3))

    assert seal_log().entries >= 3


def test_triggers_come_with_migrating(settings, transactional_db):
    triggers.install_after_migrating("default")
    without = triggers.missing("default")
    settings.AUDIT_TRIGGERS = True

    triggers.install_after_migrating("default")
    triggers.install_after_migrating("default")
    missing = triggers.missing("default")
    triggers.remove("default")

    assert (len(without), missing) == (12 if connection.vendor == "sqlite" else 8, set())


def test_triggers_step_aside_for_migrations_of_the_log_alone(guarded):
    of_others, of_the_log = migrations.Migration("0009", "billing"), migrations.Migration("0009", "audit")

    triggers.remove_before_migrating("default", [(of_others, False)])
    after_others = triggers.missing("default")
    triggers.remove_before_migrating("default", [(of_the_log, False)])

    assert after_others == set()
    assert triggers.missing("default") != set()


def test_a_missing_trigger_is_said(settings, guarded):
    settings.AUDIT_TRIGGERS = True
    with_all = database_guards_the_log(databases=["default"])
    triggers.remove("default")

    assert with_all == []
    (warning,) = database_guards_the_log(databases=["default"])
    assert (warning.id, "under the same account" in warning.hint) == ("audit.W003", True)
    settings.AUDIT_TRIGGERS = False
    assert database_guards_the_log(databases=["default"]) == []


@pytest.mark.parametrize(("code", "goes_on"), [(1419, True), (1142, True), (2006, False)])
def test_migrating_goes_on_where_the_server_allows_no_triggers(code, goes_on, transactional_db):
    def refuse(execute, sql, params, many, context):
        if sql.startswith("CREATE TRIGGER"):
            raise OperationalError(code, "You do not have the SUPER privilege")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        if goes_on:
            assert triggers.install("default") is False
        else:
            with pytest.raises(OperationalError):
                triggers.install("default")
