from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand

from audit.context import Source, audit_context


class AuditedCommand(BaseCommand):
    """A command that the log knows by name also when another process runs it with `call_command`.

    Run from the command line any command is known; see `audit.context.describe_process`.
    """

    def execute(self, *args, **options):
        name = type(self).__module__.rpartition(".")[2]
        with audit_context(source=Source.COMMAND.value, origin=name):
            return super().execute(*args, **options)


def add_heads_argument(parser: ArgumentParser, usage: str) -> None:
    """The file of heads outside the database: `--heads`, else the one of the settings, if any."""
    parser.add_argument(
        "--heads",
        type=Path,
        default=settings.AUDIT_HEADS_FILE or None,
        help=f"{usage}; AUDIT_HEADS_FILE is the default",
    )
