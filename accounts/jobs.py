from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.services.approvals import expire_requests
from accounts.services.sessions import delete_ended_sessions
from hms.core.jobs import add_job, counted


def add_jobs() -> None:
    delete_ended = counted(delete_ended_sessions, "%d ended logins deleted")
    expire = counted(expire_requests, "%d approvals expired")
    add_job("expire-approvals", _("End what nobody approved in time"), timedelta(hours=1), expire)
    add_job("ended-sessions", _("Delete ended logins"), timedelta(days=1), delete_ended)
