from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from audit.evidence.purging import is_purged, purge_archive
from audit.management.audited import AuditedCommand
from audit.models import AuditArchive


class Command(AuditedCommand):
    help = "Delete archived entries whose file is intact, except those under a hold."

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="folder", type=Path, default=settings.AUDIT_ARCHIVE_DIR)
        parser.add_argument(
            "--yes",
            action="store_true",
            help="delete; without it, only list what would be deleted",
        )

    def handle(self, *, folder: Path, yes: bool, **_options):
        refusals = []
        for archive in AuditArchive.objects.all():
            if is_purged(archive):
                continue
            if not yes:
                self.stdout.write(f"{archive.count:>9,}  {archive.file_name}: would be purged")
                continue
            try:
                purged = purge_archive(archive, folder)
            except ValidationError as refusal:
                refusals += refusal.messages
            else:
                self.stdout.write(f"{purged:>9,}  {archive.file_name}: purged")
        if not yes:
            self.stdout.write("Nothing was deleted; add --yes to delete.")
        if refusals:
            raise CommandError(" ".join(refusals))
