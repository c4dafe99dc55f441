from django.core.management.base import CommandError

from audit.capture.registry import registered_models
from audit.evidence.adoption import adopt_rows
from audit.management.audited import AuditedCommand


class Command(AuditedCommand):
    help = "Write log entries for rows that were changed without one, after you have investigated."

    def add_arguments(self, parser):
        parser.add_argument("models", nargs="*", metavar="app.Model", help="default: all logged models")
        parser.add_argument("--reason", required=True, help="is in every entry")

    def handle(self, *, models: list[str], reason: str, **_options):
        labels = [model._meta.label_lower for model in registered_models()]
        chosen = [name.lower() for name in models] or labels
        if unknown := sorted(set(chosen) - set(labels)):
            raise CommandError(f"Not logged: {', '.join(unknown)}.")
        for label in chosen:
            if written := adopt_rows(label, reason=reason):
                self.stdout.write(f"{written:>7,}  {label}")
        self.stdout.write("The log explains every row.")
