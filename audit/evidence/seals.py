"""Seals what was written since: a chain of keyed hashes that does without a lock on the log.

A transaction that takes long commits entries whose keys lie below what is sealed already. So each run
looks back for a while and takes in what no seal covers; which entries a seal covers is written in it.
Two runs at once compute the same next number, and the unique index lets one of them have it.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.evidence.entries import entries_with, is_genuine, pages_of_keys
from audit.models import AuditSeal
from audit.signing.canonical import moment
from audit.signing.identifiers import key_at, moment_of

SEAL_SIZE = 5_000
ATTEMPTS = 20


@dataclass
class Sealing:
    """What a run did; `forged` are the keys of entries that nobody who had the key has written."""

    seals: int = 0
    entries: int = 0
    forged: list[int] = field(default_factory=list)


def seal_log(step: Callable[[int], object] = lambda _number: None) -> Sealing:
    """Seal all that is not sealed yet, in portions; does not vouch for what carries a wrong hash."""
    done = Sealing()
    for attempt in range(1, ATTEMPTS + 1):
        done.forged = []
        try:
            _seal_what_is_open(done, step)
        except IntegrityError:  # another run was quicker: begin again with what it left
            if attempt == ATTEMPTS:
                raise
        else:
            break
    return done


def newest_seal() -> AuditSeal | None:
    return AuditSeal.objects.last()


def _seal_what_is_open(done: Sealing, step: Callable[[int], object]) -> None:
    head, batch = newest_seal(), []
    for row in _open_entries(head):
        if not is_genuine(row):
            done.forged.append(row["id"])
            continue
        batch.append((row["id"], row["mac"]))
        if len(batch) == SEAL_SIZE:
            head, batch = _add_seal(head, batch, done, step), []
    if batch:
        _add_seal(head, batch, done, step)


def _add_seal(head: AuditSeal | None, batch: list, done: Sealing, step: Callable[[int], object]) -> AuditSeal:
    seal = AuditSeal(
        number=head.number + 1 if head else 1,
        sealed_at=timezone.now(),
        total=(head.total if head else 0) + len(batch),
        previous=head.mac if head else "",
    )
    seal.cover(batch)
    with transaction.atomic():
        seal.save()
    done.seals, done.entries = done.seals + 1, done.entries + len(batch)
    step(len(batch))
    return seal


def _open_entries(head: AuditSeal | None) -> Iterator[dict]:
    """Entries that no seal covers, in the order of their keys."""
    first = looked_back_to(head)
    covered = set()
    for seal in AuditSeal.objects.filter(last_id__gte=first):
        covered.update(key for key in seal.covered() if key >= first)
    for keys in pages_of_keys(first):
        yield from entries_with(key for key in keys if key not in covered)


def looked_back_to(head: AuditSeal | None) -> int:
    """The lowest key that may still be sealed; below it an entry without a seal is an intruder."""
    if head is None:
        return 0
    highest = moment_of(AuditSeal.objects.aggregate(highest=Max("last_id"))["highest"])
    lookback = timedelta(hours=settings.AUDIT_LOOKBACK_HOURS)
    return key_at(min(highest, head.sealed_at) - lookback)


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
