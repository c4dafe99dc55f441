"""Who may call an operation at all; which rows it shows, and what may be done to them, is decided below."""

from rest_framework.permissions import BasePermission

from hms.core.rights import permission_for

VERBS = {"POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}


class ModelRights(BasePermission):
    """To write rows of the `model`, the permission that their services ask for; to read, that to change."""

    def has_permission(self, request, view) -> bool:
        return request.user.has_perm(permission_for(VERBS.get(request.method, "change"), view.model))


def holds(*permissions: str) -> type[BasePermission]:
    """Only for people with all of these permissions."""

    class Holds(BasePermission):
        def has_permission(self, request, view) -> bool:  # noqa: ARG002
            return request.user.has_perms(permissions)

    return Holds
