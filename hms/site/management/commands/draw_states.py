"""docs/states.md is drawn from the tables of allowed steps, so that it cannot lie."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.text import capfirst

from hms.core.states import StepChoices, status_fields

HEAD = """# States

Drawn by `manage.py draw_states` from the tables of allowed steps; do not edit.
"""


class Command(BaseCommand):
    help = "Draw docs/states.md from the tables of allowed steps."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail where the file is stale"
        )

    def handle(self, *, check: bool, **_options):
        path: Path = settings.BASE_DIR / "docs" / "states.md"
        drawings = [draw(field.model._meta.verbose_name, statuses) for field, statuses in status_fields()]
        drawn = "\n".join([HEAD, *drawings])
        if check and (not path.exists() or path.read_text() != drawn):
            raise CommandError("docs/states.md is stale: run `manage.py draw_states`.")
        if not check:
            path.write_text(drawn)
            self.stdout.write(f"{len(drawings)} tables drawn in {path.relative_to(settings.BASE_DIR)}.")


def draw(name: str, statuses: type[StepChoices]) -> str:
    """One table as a Mermaid state diagram; a status without a next step is an end."""
    lines = [f"## {capfirst(name)}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {status.value} : {status.label}" for status in statuses]
    for status in statuses:
        allowed = [following for following in statuses if following in statuses.STEPS[status]]
        lines += [f"    {status.value} --> {following.value}" for following in allowed]
        lines += [] if allowed else [f"    {status.value} --> [*]"]
    return "\n".join([*lines, "```", ""])
