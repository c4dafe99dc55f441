from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.anomalies.finding import find_anomalies
from audit.evidence.seals import newest_seal, seal_log, write_checkpoint
from hms.core.jobs import add_job


class ForgedEntries(Exception):
    """Entries have a wrong hash and are not sealed; `verify_audit` names them."""


def add_jobs() -> None:
    add_job("seal-audit", _("Seal the log"), timedelta(minutes=10), seal)
    add_job("find-anomalies", _("Search the log for anomalies"), timedelta(hours=1), search)


def seal() -> str:
    """Seal new entries and append the checkpoint to AUDIT_CHECKPOINTS_FILE, if there is one."""
    done = seal_log()
    newest = newest_seal()
    if newest and settings.AUDIT_CHECKPOINTS_FILE:
        write_checkpoint(newest, Path(settings.AUDIT_CHECKPOINTS_FILE))
    if done.forged:
        raise ForgedEntries(f"{len(done.forged)} entries")
    return f"{done.entries} entries sealed" if done.entries else ""


def search() -> str:
    found = find_anomalies(since=timezone.localdate() - timedelta(days=1))
    return f"{found.new} new anomalies, {found.grown} that grew" if found.new or found.grown else ""
