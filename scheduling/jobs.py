from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hms.core.jobs import add_job
from scheduling.services import expire_holds, mark_missed, purge_claims

CLAIMS_KEPT = timedelta(days=2)


def add_jobs() -> None:
    add_job("end-holds", _("End holds that have run out"), timedelta(minutes=1), end_holds)
    add_job("end-of-day", _("Mark no-shows of the day"), timedelta(hours=1), mark_no_shows)
    add_job("purge-claims", _("Delete claims of past time"), timedelta(days=1), delete_past_claims)


def end_holds() -> str:
    count = expire_holds()
    return f"{count} holds ended" if count else ""


def mark_no_shows() -> str:
    count = mark_missed()
    return f"{count} no-shows" if count else ""


def delete_past_claims() -> str:
    count = purge_claims(before=timezone.now() - CLAIMS_KEPT)
    return f"{count} claims deleted" if count else ""
