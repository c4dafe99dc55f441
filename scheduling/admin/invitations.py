"""The box in the forms of doctors and nurses that makes a login."""

from django.contrib import messages
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.invitations import send_password_link
from accounts.models import User
from scheduling.services.staff_logins import give_login

RIGHTS = ("accounts.add_user", "accounts.assign_roles")


class InvitesMixin:
    def login_fields(self, request, obj) -> list[str]:
        """The login, and the box that makes one, if the person has none and whoever asks may."""
        may_invite = request.user.has_perms(RIGHTS) and (obj is None or obj.user_id is None)
        return ["user", "invite"] if may_invite else ["user"]

    def invite(self, request, obj, form) -> None:
        """Make the login if the box is ticked; the letter is sent when all is saved."""
        if form.cleaned_data.get("invite"):
            user = give_login(person=obj, by=request.user)
            transaction.on_commit(lambda: self._send_invitation(request, user))

    def _send_invitation(self, request, user: User) -> None:
        if send_password_link(request, user):
            said = _("An invitation was sent to %(email)s.") % {"email": user.email}
            self.message_user(request, said, messages.SUCCESS)
