"""What the software itself keeps in the database is written after `migrate`, never by a migration.

A migration runs years later against the code of that day; what is written here is always that of today.
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
    """Call it after each `migrate` and `flush` that leaves no migration to apply; its lines are shown.

    It has to do nothing where nothing is missing. To be called in `AppConfig.ready`.
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
    """The last migrations of apps that the database has not reached yet."""
    return _latest_migrations() - set(MigrationRecorder(connection).applied_migrations())


@lru_cache(maxsize=1)
def _latest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of every app on disk, which do not change while the process lives."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
