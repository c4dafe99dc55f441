"""A migration that writes rows may write to the log, which must have all its columns by then."""

import pytest
from django.db import migrations
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.feature("U02")
# migration: why its Python writes nothing to the log
WRITE_NOTHING = {
    ("billing", "0002_tax_policies"): "writes past the log; 0004 adopts the rows",
    ("hospital_site", "0001_cache_table"): "makes a table",
}
ALTERING = (migrations.AddField, migrations.AlterField, migrations.RemoveField, migrations.RenameField)
OURS = ("accounts", "billing", "clinical", "hms", "scheduling")


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    return MigrationLoader(None)


def test_every_migration_that_runs_code_comes_after_the_last_column_of_the_log(loader):
    last = max(key for key, each in loader.disk_migrations.items() if key[0] == "audit" and alters_log(each))
    writing = {key for key, each in loader.disk_migrations.items() if is_ours(each) and runs_code(each)}

    too_early = {key for key in writing if last not in loader.graph.forwards_plan(key)}

    assert ("hospital_site", "0002_roles") in writing
    assert too_early == set(WRITE_NOTHING)


def alters_log(migration: migrations.Migration) -> bool:
    return any(
        isinstance(operation, ALTERING) and operation.model_name_lower == "auditevent"
        for operation in migration.operations
    )


def runs_code(migration: migrations.Migration) -> bool:
    return any(
        isinstance(operation, migrations.RunPython | migrations.RunSQL) for operation in migration.operations
    )


def is_ours(migration: migrations.Migration) -> bool:
    return type(migration).__module__.split(".")[0] in OURS
