"""`migrate` is resumed after it was killed, and never runs twice at once."""

import re
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections, migrations, models
from django.db.migrations.state import ProjectState

from hms.core.migrating import Journal, ResumingExecutor, alone

pytestmark = [pytest.mark.feature("O01"), pytest.mark.django_db(transaction=True)]

on_mariadb = pytest.mark.skipif(
    connection.vendor != "mysql", reason="SQLite undoes half a migration by itself"
)
TABLES = ("probe_bed", "probe_place")


def name_beds(apps, _schema_editor):
    apps.get_model("probe", "Ward").objects.create(name="East")


class Probe(migrations.Migration):
    operations = [
        migrations.CreateModel(
            "Ward",
            [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=20))],
            options={"indexes": [models.Index(fields=["name"], name="probe_ward_by_name")]},
        ),
        migrations.CreateModel(
            "Bed",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("ward", models.ForeignKey("probe.Ward", models.PROTECT)),
                ("old", models.IntegerField(null=True)),
            ],
        ),
        migrations.RunPython(name_beds),
        migrations.AddField("bed", "number", models.IntegerField(default=1)),
        migrations.AddConstraint(
            "bed", models.CheckConstraint(condition=models.Q(number__gt=0), name="probe_bed_has_a_number")
        ),
        migrations.AlterUniqueTogether("bed", {("ward", "number")}),
        migrations.AlterField("bed", "number", models.BigIntegerField(default=1)),
        migrations.RenameField("bed", "number", "position"),
        migrations.RemoveField("bed", "old"),
        migrations.RenameModel("Ward", "Place"),
        migrations.RemoveIndex("place", "probe_ward_by_name"),
    ]


@pytest.fixture
def migration():
    """The tables are dropped afterwards: the database does not undo them."""
    yield Probe("0001", "probe")
    drop()


def drop():
    with connection.cursor() as cursor:
        for table in (*TABLES, "probe_ward"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'probe'")
        if connection.vendor == "mysql":
            cursor.execute("DELETE FROM migrations_begun WHERE app = 'probe'")


def apply(migration, *, killed_at: int | None = None, before: bool = False, repairs: bool = False) -> int:
    """Apply it; fails before or after the statement of this number, as a kill would. Returns how many ran."""
    ran = [0]

    def count(execute, sql, params, many, context):
        ran[0] += 1
        if before and ran[0] == killed_at:
            raise KeyboardInterrupt
        answer = execute(sql, params, many, context)
        if ran[0] == killed_at:
            raise KeyboardInterrupt
        return answer

    executor = ResumingExecutor(connection)
    executor.repairs = repairs
    if ("probe", "0001") not in executor.recorder.applied_migrations():
        with connection.execute_wrapper(count):
            executor.apply_migration(ProjectState(), migration)
    return ran[0]


def contents() -> list:
    with connection.cursor() as cursor:
        found = []
        for table in TABLES:
            cursor.execute(f"SHOW CREATE TABLE {table}")
            found.append(re.sub(r" AUTO_INCREMENT=\d+", "", cursor.fetchone()[1]))
        cursor.execute("SELECT name FROM probe_place")
        found.append(cursor.fetchall())
        cursor.execute("SELECT name FROM django_migrations WHERE app = 'probe'")
        return [*found, cursor.fetchall()]


@on_mariadb
@pytest.mark.slow
@pytest.mark.parametrize("before", [True, False])
def test_killed_before_or_after_any_statement_it_ends_like_one_that_was_left_alone(migration, before):
    statements = apply(migration)
    expected = contents()
    drop()

    for number in range(1, statements + 1):
        with pytest.raises(KeyboardInterrupt):
            apply(migration, killed_at=number, before=before)
        apply(migration)
        assert contents() == expected, number
        assert Journal(connection).done(migration) is None
        drop()

    assert statements > 30


@on_mariadb
def test_one_that_an_older_version_left_half_done_is_repaired_when_asked(migration):
    apply(migration)
    expected = contents()
    drop()
    with connection.schema_editor() as editor:
        state = ProjectState()
        migration.operations[0].state_forwards("probe", state)
        migration.operations[0].database_forwards("probe", editor, ProjectState(), state)

    with pytest.raises(OperationalError, match="already exists"):
        apply(migration)
    Journal(connection).forget(migration)
    apply(migration, repairs=True)

    assert contents() == expected


@pytest.mark.skipif(connection.vendor != "sqlite", reason="MariaDB has something to repair")
def test_a_database_that_keeps_no_halves_needs_no_repair():
    with pytest.raises(CommandError, match="Nothing to repair"):
        call_command("migrate", "--repair")


def test_of_two_at_once_the_second_says_so_and_waits():
    said, order = threading.Event(), []

    def second():
        with alone(connections["default"], said.set):
            order.append("second")
        connections.close_all()

    thread = threading.Thread(target=second)
    with alone(connection, said.set):
        thread.start()
        waits = said.wait(10)
        order.append("first")
    thread.join()

    assert (waits, order) == (True, ["first", "second"])
