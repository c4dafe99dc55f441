from pathlib import Path

from django.core.management.base import CommandError

from audit.commands import AuditedCommand, add_heads_argument
from audit.heads import NotHeads, mail_head, write_head
from audit.models import AuditSeal
from audit.progress import progress_bar
from audit.seals import newest_seal, seal_log

NO_KEEPERS = "Nobody to mail to: name addresses in AUDIT_HEADS_TO."


class Command(AuditedCommand):
    help = "Seal what was added to the log since, and write its head to another place."

    def add_arguments(self, parser):
        add_heads_argument(parser, "the file to append the head to")
        parser.add_argument("--mail", action="store_true", help="mail the head to AUDIT_HEADS_TO")
        parser.add_argument("--no-progress", action="store_true")

    def handle(self, *, heads: Path | None, mail: bool, no_progress: bool, **_options):
        with progress_bar("Sealing", None, hidden=no_progress) as step:
            done = seal_log(step)
        self.stdout.write(f"Sealed {done.entries:,} entries under {done.seals} new seals.")
        if seal := newest_seal():
            self._export(seal, heads, mail=mail)
        if done.forged:
            keys = ", ".join(map(str, done.forged[:10]))
            raise CommandError(
                f"{len(done.forged)} entries have a wrong hash, so no seal ({keys}): run verify_audit."
            )

    def _export(self, seal: AuditSeal, heads: Path | None, *, mail: bool) -> None:
        try:
            if heads and write_head(seal, heads):
                self.stdout.write(f"Head {seal.number} is in {heads}.")
        except (OSError, NotHeads) as error:
            raise CommandError(f"The head could not be written: {error}") from error
        if mail:
            keepers = mail_head(seal)
            if not keepers:
                raise CommandError(NO_KEEPERS)
            self.stdout.write(f"Head {seal.number} was mailed to {', '.join(keepers)}.")
