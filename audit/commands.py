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
