from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from hms.core.prepared import PreparedQuery

IN_FORCE = PreparedQuery(
    lambda parameter: Session.objects.filter(
        session_key=parameter("key", CharField()), expire_date__gt=parameter("now", DateTimeField())
    )
)


class SessionStore(db.SessionStore):
    """Django's store of sessions, with a prepared query for the read that every page makes."""

    def _get_session_from_db(self) -> Session | None:
        found = IN_FORCE.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
