"""Draws docs/states.md from the tables of allowed steps."""

from django.utils.text import capfirst

from hms.core.states import StepChoices, status_fields
from hms.site.drawn import DrawCommand

HEAD = """# States

Drawn by `manage.py draw_states` from the tables of allowed steps; do not edit.
"""


class Command(DrawCommand):
    help = "Draw docs/states.md from the tables of allowed steps."
    document = "states.md"

    def draw(self) -> str:
        drawings = [draw(field.model._meta.verbose_name, statuses) for field, statuses in status_fields()]
        return "\n".join([HEAD, *drawings])


def draw(name: str, statuses: type[StepChoices]) -> str:
    """One table as a Mermaid state diagram; a status without a next step is final."""
    lines = [f"## {capfirst(name)}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {status.value} : {status.label}" for status in statuses]
    for status in statuses:
        allowed = [following for following in statuses if following in statuses.STEPS[status]]
        lines += [f"    {status.value} --> {following.value}" for following in allowed]
        lines += [] if allowed else [f"    {status.value} --> [*]"]
    return "\n".join([*lines, "```", ""])
