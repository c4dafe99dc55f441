"""What an operator does on the server while nobody can approve it."""

from django.db.models import Q

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
    is_administrator = Q(is_superuser=True) | Q(groups__name=Role.ADMINISTRATOR)
    administrators = User.objects.filter(is_administrator, is_active=True).distinct().count()
    if roles_to_approve(user, [role]) and administrators >= SECOND_PERSON:
        raise TwoCanApprove
    user = set_roles(user=user, roles={*map(Role, user.role_names), role}, by=SYSTEM)
    close_overtaken(kind=GiveRole.name, about_pk=user.pk, values={"role": role.value})
    return user
