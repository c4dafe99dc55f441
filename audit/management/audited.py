from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand

from audit.capture.context import Source, audit_context


class AuditedCommand(BaseCommand):
    """A command whose entries carry its name even when it is run with `call_command`.

    On the command line every command's do; see `audit.capture.context.describe_process`.
    """

    def execute(self, *args, **options):
        name = type(self).__module__.rpartition(".")[2]
        with audit_context(source=Source.COMMAND.value, origin=name):
            return super().execute(*args, **options)


def add_checkpoints_argument(parser: ArgumentParser, usage: str) -> None:
    """`--checkpoints`, by default settings.AUDIT_CHECKPOINTS_FILE if that is set."""
    parser.add_argument(
        "--checkpoints",
        type=Path,
        default=settings.AUDIT_CHECKPOINTS_FILE or None,
        help=f"{usage}; AUDIT_CHECKPOINTS_FILE is the default",
    )
