"""Documents generated from the code; CI compares them with the code."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override


class DrawCommand(BaseCommand):
    """Writes the English result of `draw` to `docs/<document>`; `--check` only compares."""

    document = ""

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is stale")

    def handle(self, *, check: bool, **_options):
        path: Path = settings.BASE_DIR / "docs" / self.document
        with override("en"):
            drawn = self.draw()
        if not check:
            path.write_text(drawn)
            self.stdout.write(f"docs/{self.document} is up to date.")
        elif not path.exists() or path.read_text() != drawn:
            name = type(self).__module__.rpartition(".")[2]
            raise CommandError(f"docs/{self.document} is stale: run `manage.py {name}`.")

    def draw(self) -> str:
        raise NotImplementedError
