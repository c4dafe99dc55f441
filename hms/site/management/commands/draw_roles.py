"""Draws docs/roles.md from the table of roles and the names of the permissions."""

from django.apps import apps

from hms.site.drawn import DrawCommand
from hms.site.grants import declared_by
from hms.site.roles import ROLES

HEAD = """# Roles

Drawn by `manage.py draw_roles` from `hms/site/roles.py`; do not edit.

A permission opens a screen; the rows on it depend on the user: a doctor, for example, sees the patients
who have an appointment with that doctor. `migrate` makes the groups in the database equal to this table.
"""


class Command(DrawCommand):
    help = "Draw docs/roles.md from the table of roles."
    document = "roles.md"

    def draw(self) -> str:
        tables = [draw_app(config) for config in apps.get_app_configs()]
        return "\n".join([HEAD, draw_roles_without(), *[table for table in tables if table]])


def draw_roles_without() -> str:
    labels = [str(role.label) for role, granted in ROLES.items() if not granted]
    return f"Roles that need no permission, because they reach only their own: {', '.join(labels)}.\n"


def draw_app(config) -> str:
    """A row for each permission that a role of the app holds, a column for each such role."""
    roles = [role for role, granted in ROLES.items() if granted]
    rows = [
        f"| {words} | " + " | ".join("yes" if name in ROLES[role] else "" for role in roles) + " |"
        for model in config.get_models()
        for name, words in declared_by(model)
        if any(name in ROLES[role] for role in roles)
    ]
    if not rows:
        return ""
    head = f"| | {' | '.join(str(role.label) for role in roles)} |"
    return "\n".join([f"## {config.verbose_name}", "", head, "|---" * (len(roles) + 1) + "|", *rows, ""])
