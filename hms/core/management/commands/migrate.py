from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from hms.core.migrating import ResumingExecutor, alone


class Command(migrate.Command):
    help = "Updates the database. One at a time; after it was killed half-way, run it again."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--repair",
            action="store_true",
            help="take what exists of the next migration as done: it was begun by an older version",
        )

    def handle(self, *args, **options):
        connection = connections[options["database"]]
        if options["repair"] and connection.features.can_rollback_ddl:
            raise CommandError("Nothing to repair: this database keeps no half of a migration.")
        executor = type("Executor", (ResumingExecutor,), {"repairs": options["repair"]})
        original, migrate.MigrationExecutor = migrate.MigrationExecutor, executor
        try:
            with alone(connection, self.say_that_it_waits):
                return super().handle(*args, **options)
        finally:
            migrate.MigrationExecutor = original

    def say_that_it_waits(self):
        self.stderr.write("Another migrate is running. Waiting until it has ended.")
