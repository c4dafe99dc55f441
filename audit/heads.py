"""Heads of the log, kept outside the database: with them a cut tail is found.

Whoever may write to the database could delete the last seals and the entries under them, and what is
left would be in order. A head says how many there were.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from audit.canonical import moment
from audit.models import AuditSeal


class NotHeads(ValueError):
    """A file of heads holds something else."""


@dataclass(frozen=True)
class Head:
    """The newest seal at some time: its number and hash, and how many entries there were in all."""

    number: int
    last_id: int
    count: int
    total: int
    mac: str
    sealed_at: str

    @classmethod
    def of(cls, seal: AuditSeal) -> "Head":
        return cls(seal.number, seal.last_id, seal.count, seal.total, seal.mac, moment(seal.sealed_at))


def read_heads(path: Path) -> list[Head]:
    """All heads in a file, oldest first; refuses a line that is none."""
    heads = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        try:
            heads.append(Head(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise NotHeads(f"{path}, line {number}: this is no head of the log.") from error
    return heads


def write_head(seal: AuditSeal, path: Path) -> bool:
    """Append the head, unless it is the last line already; returns when it is on the disk."""
    head = Head.of(seal)
    if path.exists() and read_heads(path)[-1:] == [head]:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(asdict(head)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def mail_head(seal: AuditSeal) -> list[str]:
    """Send the head to those who keep heads; returns who they are."""
    keepers = settings.AUDIT_HEADS_TO or [address for _name, address in settings.ADMINS]
    if keepers:
        subject = _("Head of the log: seal %(number)s") % {"number": seal.number}
        send_mail(subject, json.dumps(asdict(Head.of(seal))) + "\n", None, keepers)
    return keepers
