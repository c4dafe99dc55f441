"""Checkpoints of the log, kept outside the database: with them a cut tail is found.

Whoever may write to the database could delete the last seals and the entries under them, and what is
left would be in order. A checkpoint says how many there were.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from audit.evidence.canonical import moment
from audit.models import AuditSeal


class NotCheckpoints(ValueError):
    """A file of checkpoints holds something else."""


@dataclass(frozen=True)
class Checkpoint:
    """The newest seal at some time: its number and hash, and how many entries there were in all."""

    number: int
    last_id: int
    count: int
    total: int
    mac: str
    sealed_at: str

    @classmethod
    def of(cls, seal: AuditSeal) -> "Checkpoint":
        return cls(seal.number, seal.last_id, seal.count, seal.total, seal.mac, moment(seal.sealed_at))


def read_checkpoints(path: Path) -> list[Checkpoint]:
    """All checkpoints in a file, oldest first; refuses a line that is none."""
    checkpoints = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        try:
            checkpoints.append(Checkpoint(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise NotCheckpoints(f"{path}, line {number}: this is no checkpoint of the log.") from error
    return checkpoints


def write_checkpoint(seal: AuditSeal, path: Path) -> bool:
    """Append the checkpoint, unless it is the last line already; returns when it is on the disk."""
    checkpoint = Checkpoint.of(seal)
    if path.exists() and read_checkpoints(path)[-1:] == [checkpoint]:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(asdict(checkpoint)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def mail_checkpoint(seal: AuditSeal) -> list[str]:
    """Send the checkpoint to those who keep checkpoints; returns who they are."""
    keepers = settings.AUDIT_CHECKPOINTS_TO or [address for _name, address in settings.ADMINS]
    if keepers:
        subject = _("Checkpoint of the log: seal %(number)s") % {"number": seal.number}
        send_mail(subject, json.dumps(asdict(Checkpoint.of(seal))) + "\n", None, keepers)
    return keepers
