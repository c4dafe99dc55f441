from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hms.core.jobs import add_job, counted
from scheduling.services import (
    announce_lateness,
    expire_holds,
    mark_missed,
    offer_free_times,
    propose_times,
    purge_claims,
)

CLAIMS_KEPT = timedelta(days=2)


def add_jobs() -> None:
    end_holds = counted(expire_holds, "%d holds ended")
    end_days = counted(mark_missed, "%d no-shows")
    delete_claims = counted(delete_past_claims, "%d claims deleted")
    add_job("end-holds", _("End holds that have run out"), timedelta(minutes=1), end_holds)
    add_job("offer-times", _("Offer times to those who wait"), timedelta(seconds=15), offer_times)
    add_job("end-of-day", _("Mark no-shows of the day"), timedelta(hours=1), end_days)
    late = counted(announce_lateness, "%d visits told of a late doctor")
    add_job("runs-late", _("Say which doctors run late"), timedelta(minutes=1), late)
    add_job("purge-claims", _("Delete claims of past time"), timedelta(days=1), delete_claims)


def delete_past_claims() -> int:
    return purge_claims(before=timezone.now() - CLAIMS_KEPT)


def offer_times() -> str:
    """Those whose visit falls into a leave come before those who wait for a time."""
    proposed, offered = propose_times(), offer_free_times()
    return f"{proposed} visits given another time, {offered} times offered" if proposed or offered else ""
