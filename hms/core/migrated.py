"""Rows that the software itself needs in the database are written after `migrate`, not by a migration.

A migration may run years later, against code that has changed; a function called here matches the code.
"""

import sys
from collections.abc import Callable, Iterable
from functools import lru_cache

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import post_migrate


def when_migrated(bring_up_to_date: Callable[[], Iterable[str]]) -> None:
    """Register a function to call after each `migrate` and `flush` that leaves no migration unapplied.

    The function must be idempotent; the lines it returns are printed. Call this in `AppConfig.ready`.
    """
    last = [config for config in apps.get_app_configs() if config.models_module][-1]

    def receive(*, using: str, verbosity: int, stdout=sys.stdout, **_kwargs) -> None:
        if using != DEFAULT_DB_ALIAS or migrations_to_apply():
            return
        for line in bring_up_to_date():
            if verbosity > 0:
                stdout.write(f"{line}\n")

    post_migrate.connect(receive, sender=last, weak=False)


def migrations_to_apply() -> set[tuple[str, str]]:
    """The latest migration of each app whose latest migration is not applied."""
    return _latest_migrations() - set(MigrationRecorder(connection).applied_migrations())


@lru_cache(maxsize=1)
def _latest_migrations() -> frozenset[tuple[str, str]]:
    """The latest migration of each app; the files do not change while the process runs."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
