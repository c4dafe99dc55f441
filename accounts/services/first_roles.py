"""What an operator does on the server while nobody can approve it."""

from accounts.exceptions import TwoCanApprove
from accounts.models import User
from accounts.roles import Role
from accounts.services.approvals import close_overtaken
from accounts.services.logins import GiveRole, roles_to_approve, set_roles
from hms.core.rights import SYSTEM
from hms.core.transactions import retried_atomic

SECOND_PERSON = 2


@retried_atomic
def give_role_alone(*, user: User, role: Role) -> User:
    """Give the role, and close the request for it; refuses one that two administrators can give."""
    if roles_to_approve(user, [role]) and User.objects.administrators().count() >= SECOND_PERSON:
        raise TwoCanApprove
    user = set_roles(user=user, roles={*map(Role, user.role_names), role}, by=SYSTEM)
    close_overtaken(kind=GiveRole.name, about_pk=user.pk, values={"role": role.value})
    return user
