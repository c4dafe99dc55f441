"""Seals new entries in a chain of keyed hashes, without a lock on the log, and exports checkpoints.

A slow transaction commits entries with keys below those already sealed. So each run looks back
(AUDIT_LOOKBACK_HOURS) for entries that no seal covers; each seal lists the entries that it covers. Two
concurrent runs compute the same next number, and the unique index accepts one.

Where to look back from is the newest seal, so one that a clock running ahead dated into the future would
leave out all that is written until then. Nothing is sealed after such a seal until an operator takes in what
was written meanwhile, with a reason.

Whoever can write to the database could delete the last seals and their entries, and the rest would be in
order. A checkpoint, kept outside the database, says how many there were.
"""

import json
import os
import random
import time
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

from audit.capture.recorder import Subject, record_event
from audit.evidence.entries import entries_with, is_genuine, pages_of_keys
from audit.evidence.verification.coverage import Coverage
from audit.exceptions import SealIsInFuture
from audit.models import Action, AuditEvent, AuditSeal
from audit.signing.canonical import READ, moment
from audit.signing.identifiers import key_at, moment_of

SEAL_SIZE = 5_000
ATTEMPTS, LONGEST_PAUSE_S = 20, 0.05
CLOCKS_DIFFER = timedelta(minutes=10)  # between machines, at most
TAKEN_IN = "taken in"
Step = Callable[[int], object]


@dataclass
class Sealing:
    """What a run did; `forged` are keys of entries with a wrong hash."""

    seals: int = 0
    entries: int = 0
    forged: list[int] = field(default_factory=list)


def seal_log(step: Step = lambda _number: None) -> Sealing:
    """Seal every new entry, in portions; entries with a wrong hash are not sealed.

    Refuses after a seal that is dated into the future.
    """
    return _seal_from(_first_after, step)


def _first_after(newest: AuditSeal | None) -> int:
    if newest and is_in_future(newest):
        when = timezone.localtime(newest.sealed_at)
        raise SealIsInFuture(number=newest.number, when=f"{when:%d %b %Y %H:%M}")
    return lowest_open_key(newest)


def take_in(*, reason: str, step: Step = lambda _number: None) -> Sealing:
    """Seal every entry that no seal covers, however old and also after a seal in the future.

    For entries that `seal_log` left out because a clock ran ahead; the log says which, and why.
    """
    keys = list(_open_keys(0))
    newest = newest_seal()
    number = newest.number if newest else 0
    details = {"what": TAKEN_IN, "entries": len(keys)}
    details |= {"first": keys[0], "last": keys[-1]} if keys else {}
    subject = Subject(AuditSeal._meta.label_lower, number, str(newest or ""))
    record_event(Action.SETTINGS_CHANGE, subject=subject, details=details, reason=reason)
    return _seal_from(lambda _newest: 0, step)


def is_in_future(seal: AuditSeal) -> bool:
    return seal.sealed_at > timezone.now() + CLOCKS_DIFFER


def is_explained(seal: AuditSeal) -> bool:
    """Whether an operator said why the seal is in the future."""
    events = AuditEvent.objects.filter(model=AuditSeal._meta.label_lower, object_pk=str(seal.number))
    return any(row["details"].get("what") == TAKEN_IN and is_genuine(row) for row in events.values(*READ))


def _seal_from(first_of: Callable[[AuditSeal | None], int], step: Step) -> Sealing:
    done = Sealing()
    for attempt in range(1, ATTEMPTS + 1):
        done.forged = []
        try:
            _seal_what_is_open(first_of, done, step)
        except IntegrityError:  # another run was faster: continue after it
            if attempt == ATTEMPTS:
                raise
            time.sleep(random.uniform(0, LONGEST_PAUSE_S))  # noqa: S311
        else:
            break
    return done


def newest_seal() -> AuditSeal | None:
    return AuditSeal.objects.last()


def _seal_what_is_open(first_of: Callable, done: Sealing, step: Step) -> None:
    newest, batch = newest_seal(), []
    for row in entries_with(_open_keys(first_of(newest))):
        if not is_genuine(row):
            done.forged.append(row["id"])
            continue
        batch.append((row["id"], row["mac"]))
        if len(batch) == SEAL_SIZE:
            newest, batch = _add_seal(newest, batch, done, step), []
    if batch:
        _add_seal(newest, batch, done, step)


def _add_seal(newest: AuditSeal | None, batch: list, done: Sealing, step: Step) -> AuditSeal:
    seal = AuditSeal(
        number=newest.number + 1 if newest else 1,
        sealed_at=timezone.now(),
        total=(newest.total if newest else 0) + len(batch),
        previous=newest.mac if newest else "",
    )
    seal.cover(batch)
    with transaction.atomic():
        seal.save()
    done.seals, done.entries = done.seals + 1, done.entries + len(batch)
    step(len(batch))
    return seal


def _open_keys(first: int) -> Iterator[int]:
    """Keys of the entries from this one on that no seal covers, ascending."""
    seals = Coverage(AuditSeal, first)
    for keys in pages_of_keys(first):
        covered = seals.up_to(keys[-1])
        yield from (key for key in keys if key not in covered)


def lowest_open_key(newest: AuditSeal | None) -> int:
    """The lowest key that may still be sealed; an unsealed entry below it was inserted later."""
    if newest and is_in_future(newest):
        newest = AuditSeal.objects.filter(sealed_at__lte=timezone.now() + CLOCKS_DIFFER).last()
    if newest is None:
        return 0
    highest = moment_of(AuditSeal.objects.aggregate(highest=Max("last_id"))["highest"])
    lookback = timedelta(hours=settings.AUDIT_LOOKBACK_HOURS)
    return key_at(min(highest, newest.sealed_at, timezone.now()) - lookback)


class NotCheckpoints(ValueError):
    """A line in a file of checkpoints is not one."""


@dataclass(frozen=True)
class Checkpoint:
    """The newest seal at some time: its number, its hash, and the total of entries."""

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
    """All checkpoints in a file, oldest first; raises NotCheckpoints for any other line."""
    checkpoints = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        try:
            checkpoints.append(Checkpoint(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise NotCheckpoints(f"{path}, line {number}: not a checkpoint of the log.") from error
    return checkpoints


def _for_this_account(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def write_checkpoint(seal: AuditSeal, path: Path) -> bool:
    """Append the checkpoint unless it is the last line; True if appended, once it is on disk."""
    checkpoint = Checkpoint.of(seal)
    if path.exists() and read_checkpoints(path)[-1:] == [checkpoint]:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", opener=_for_this_account) as file:
        file.write(json.dumps(asdict(checkpoint)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def mail_checkpoint(seal: AuditSeal) -> list[str]:
    """Mail the checkpoint to AUDIT_CHECKPOINTS_TO, or else ADMINS; returns the addresses."""
    keepers = settings.AUDIT_CHECKPOINTS_TO or [address for _name, address in settings.ADMINS]
    if keepers:
        subject = _("Checkpoint of the log: seal %(number)s") % {"number": seal.number}
        send_mail(subject, json.dumps(asdict(Checkpoint.of(seal))) + "\n", None, keepers)
    return keepers
