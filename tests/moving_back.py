"""Migrates a test's database to an older version and forward again, with what `migrate` does around it."""

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from audit.evidence.adoption import adopt_after_migrating
from hms.reports import triggers


def migrate(targets: list[tuple[str, str]] | None = None):
    """The apps as they are at the targets, or at the newest version."""
    executor = MigrationExecutor(connection)
    wanted = targets or executor.loader.graph.leaf_nodes()
    plan = executor.migration_plan(wanted)
    triggers.prepare_to_migrate(plan, "default")
    executor.migrate(wanted, plan)
    if not targets:
        triggers.install_after_migrating("default")
    adopt_after_migrating("default", plan=plan)
    state = MigrationExecutor(connection).loader.project_state(targets or [])
    return state.apps if targets else apps
