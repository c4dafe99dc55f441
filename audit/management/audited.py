from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand

from audit.capture.context import Source, audit_context


class AuditedCommand(BaseCommand):
    """A command that the log knows by name also when another process runs it with `call_command`.

    Run from the command line any command is known; see `audit.capture.context.describe_process`.
    """

    def execute(self, *args, **options):
        name = type(self).__module__.rpartition(".")[2]
        with audit_context(source=Source.COMMAND.value, origin=name):
            return super().execute(*args, **options)


def add_checkpoints_argument(parser: ArgumentParser, usage: str) -> None:
    """The file of checkpoints outside the database: `--checkpoints`, else the one of the settings, if any."""
    parser.add_argument(
        "--checkpoints",
        type=Path,
        default=settings.AUDIT_CHECKPOINTS_FILE or None,
        help=f"{usage}; AUDIT_CHECKPOINTS_FILE is the default",
    )
