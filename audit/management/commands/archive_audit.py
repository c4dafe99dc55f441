from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import timezone

from audit.evidence.archives import archive_log
from audit.evidence.retention import CATEGORIES, kept_from
from audit.management.audited import AuditedCommand
from audit.management.progress import progress_bar
from audit.models import AuditEvent


class Command(AuditedCommand):
    help = "Export sealed entries that are older than AUDIT_RETENTION; purge_audit may then delete them."

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, default=settings.AUDIT_ARCHIVE_DIR, help="the folder")
        parser.add_argument("--category", choices=CATEGORIES, action="append", help="default: all")
        parser.add_argument("--no-progress", action="store_true")

    def handle(self, *, to: Path, category: list[str] | None, no_progress: bool, **_options):
        for name in category or CATEGORIES:
            before = kept_from(name)
            self.stdout.write(f"{name} from before {timezone.localtime(before):%d %b %Y}:")
            with progress_bar("Archiving", AuditEvent.objects.count(), hidden=no_progress) as step:
                self._archive(name, before, to, step)

    def _archive(self, name: str, before, to: Path, step) -> None:
        try:
            archives = archive_log(name, before, to, step)
        except (OSError, ValidationError) as error:
            raise CommandError(f"Not archived: {error}") from error
        for archive in archives:
            self.stdout.write(f"{archive.count:>9,}  {archive.file_name}  sha256 {archive.sha256}")
        if not archives:
            self.stdout.write("  nothing to export: no entry is sealed, not exported yet and under no hold")
