from pathlib import Path

from django.core.management.base import CommandError

from audit.evidence.seals import (
    NotCheckpoints,
    Sealing,
    Step,
    mail_checkpoint,
    newest_seal,
    seal_log,
    take_in,
    write_checkpoint,
)
from audit.exceptions import SealIsInFuture
from audit.management.audited import AuditedCommand, add_checkpoints_argument
from audit.management.progress import progress_bar
from audit.models import AuditSeal

WHAT_TO_DO = "Set the clock right, then run seal_audit --take-in with the reason."
NO_KEEPERS = "Nobody to mail to: set AUDIT_CHECKPOINTS_TO."


class Command(AuditedCommand):
    help = "Seal new log entries and write the checkpoint outside the database."

    def add_arguments(self, parser):
        add_checkpoints_argument(parser, "the file to append the checkpoint to")
        parser.add_argument("--mail", action="store_true", help="mail the checkpoint to AUDIT_CHECKPOINTS_TO")
        parser.add_argument(
            "--take-in",
            metavar="REASON",
            help="after a clock ran ahead: also seal what was left out; the reason is in the log",
        )
        parser.add_argument("--no-progress", action="store_true")

    def handle(self, *, checkpoints: Path | None, mail: bool, no_progress: bool, **options):
        with progress_bar("Sealing", None, hidden=no_progress) as step:
            done = self._seal(options.get("take_in"), step)
        self.stdout.write(f"Sealed {done.entries:,} entries under {done.seals} new seals.")
        if seal := newest_seal():
            self._export(seal, checkpoints, mail=mail)
        if done.forged:
            keys = ", ".join(map(str, done.forged[:10]))
            raise CommandError(
                f"{len(done.forged)} entries have a wrong hash and are not sealed ({keys}): run verify_audit."
            )

    def _seal(self, reason: str | None, step: Step) -> Sealing:
        if reason is not None:
            if not reason.strip():
                raise CommandError("--take-in needs a reason.")
            return take_in(reason=reason, step=step)
        try:
            return seal_log(step)
        except SealIsInFuture as refusal:
            raise CommandError(f"{refusal.messages[0]} {WHAT_TO_DO}") from refusal

    def _export(self, seal: AuditSeal, checkpoints: Path | None, *, mail: bool) -> None:
        try:
            if checkpoints and write_checkpoint(seal, checkpoints):
                self.stdout.write(f"Checkpoint {seal.number} is in {checkpoints}.")
        except (OSError, NotCheckpoints) as error:
            raise CommandError(f"The checkpoint could not be written: {error}") from error
        if mail:
            keepers = mail_checkpoint(seal)
            if not keepers:
                raise CommandError(NO_KEEPERS)
            self.stdout.write(f"Checkpoint {seal.number} was mailed to {', '.join(keepers)}.")
