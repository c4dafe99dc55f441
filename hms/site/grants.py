"""Makes the permissions of the database's groups equal to the table of roles."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

from audit.capture.context import audit_context
from hms.core.transactions import retried_atomic
from hms.site.roles import ROLES

REASON = "The table of roles that came with the software"


@retried_atomic
def grant_roles() -> list[str]:
    """Give each role's group the permissions of the table; returns a line for each group that changed.

    A group that is not a role loses its permissions and keeps its members, so that administrators can
    still see who they were. Refuses a table with a permission that no model declares.
    """
    permissions = _permissions(set().union(*ROLES.values()))
    with audit_context(reason=REASON):
        for role in ROLES:
            Group.objects.get_or_create(name=role.value)
        groups = Group.objects.order_by("name").prefetch_related("permissions__content_type")
        lines = [_make_equal(group, ROLES.get(group.name, set()), permissions) for group in groups]
    return [line for line in lines if line]


def declared_by(model: type[Model]) -> Iterator[tuple[str, str]]:
    """The permissions of a model: "app.codename" with the English name, in declared order."""
    meta = model._meta
    for action in meta.default_permissions:
        codename = get_permission_codename(action, meta)
        yield f"{meta.app_label}.{codename}", f"Can {action} {meta.verbose_name_raw}"
    for codename, name in meta.permissions:
        yield f"{meta.app_label}.{codename}", str(name)


def _permissions(wanted: set[str]) -> dict[str, Permission]:
    """Permissions by "app.codename". Creates those that Django, going app by app, has not created yet."""
    unknown = wanted - {name for model in apps.get_models() for name, _words in declared_by(model)}
    if unknown:
        raise ImproperlyConfigured(f"ROLES grants permissions that do not exist: {sorted(unknown)}")
    found = _found()
    if wanted - found.keys():
        for app in apps.get_app_configs():
            create_permissions(app, verbosity=0, interactive=False)
        found = _found()
    return found


def _found() -> dict[str, Permission]:
    return {name_of(row): row for row in Permission.objects.select_related("content_type")}


def name_of(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


def _make_equal(group: Group, wanted: set[str], permissions: dict[str, Permission]) -> str:
    held = {name_of(permission) for permission in group.permissions.all()}
    if held == wanted:
        return ""
    group.permissions.set(permissions[name] for name in wanted)
    if not held:
        return f"Role {group.name}: {len(wanted)} permissions given."
    kind = "Role" if group.name in ROLES else "No longer a role:"
    changes = [f"+{name}" for name in sorted(wanted - held)] + [f"-{name}" for name in sorted(held - wanted)]
    return f"{kind} {group.name}: {' '.join(changes)}"
