from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.services.sessions import delete_ended_sessions
from hms.core.jobs import add_job


def add_jobs() -> None:
    add_job("ended-sessions", _("Delete ended logins"), timedelta(days=1), delete_ended)


def delete_ended() -> str:
    count = delete_ended_sessions()
    return f"{count} ended logins deleted" if count else ""
