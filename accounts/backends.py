from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend
from django.db.models import IntegerField

from accounts.models import User
from hms.core.prepared import PreparedQuery

BY_KEY = PreparedQuery(lambda parameter: User.objects.filter(pk=parameter("pk", IntegerField())).order_by())


class AuthenticationBackend(AllauthBackend):
    """allauth's backend, with a prepared query for the user of the session: every page needs it."""

    def get_user(self, user_id: int) -> User | None:
        user = BY_KEY.first(pk=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
