"""One stylesheet for the hospital's site and one for the staff's, made of the small files that authors write.

`{% stylesheet "site" %}` links those files as they are where nothing has been collected (tests, DEBUG), and
elsewhere the one that `collectstatic` makes of them, in this order.
"""

import re
from collections.abc import Iterator

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.templatetags.static import static
from whitenoise.storage import CompressedManifestStaticFilesStorage

from hms.core.unused_rules import without_unused_rules, words_of_pages

BOOTSTRAP, BOOTSTRAP_RTL = "css/bootstrap.min.css", "css/bootstrap.rtl.min.css"
PRINT = "css/print.css"
OWN = (
    *("css/fonts.css", "css/tokens.css", "css/hms.css", "css/shell.css", "css/menu.css", "css/buttons.css"),
    *("css/forms.css", "css/boxes.css", "css/people.css", "css/lists.css", "css/front.css"),
    *("css/booking.css", "css/receipt.css", "css/letter.css", "css/account.css"),
    *(PRINT, "css/pages/booking.css"),
    *("css/pages/billing.css", "css/pages/me.css", "css/pages/doctors.css", "css/pages/home.css"),
    "css/charts.css",
    *("css/pages/prescription.css", "css/pages/queue.css"),
)
SHEETS = {
    "site": (BOOTSTRAP, *OWN),
    "site-rtl": (BOOTSTRAP_RTL, *OWN),
    "staff": (
        *("css/fonts.css", "css/admin-tokens.css", "css/admin.css", "css/pages/admin-desk.css"),
        *("css/pages/admin-board.css", "css/pages/admin-index.css", "css/pages/admin-billing.css"),
        *("css/pages/admin-people.css", "css/pages/audit.css", "css/pages/admin-clinical.css"),
        *("css/pages/admin-vitals.css", "css/charts.css", "css/pages/admin-laboratory.css"),
        *("css/pages/admin-prescribing.css", "css/pages/admin-tables.css"),
        "css/pages/admin-reports.css",
    ),
}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def linked(name: str) -> list[tuple[str, str]]:
    """Addresses and media of the files to link for a stylesheet."""
    if isinstance(staticfiles_storage._wrapped, JoinedStaticFilesStorage):
        return [(static(path_of(name)), "all")]
    return [(static(part), "print" if part == PRINT else "all") for part in SHEETS[name]]


def path_of(name: str) -> str:
    return f"css/{name}.css"


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Puts the stylesheets together before files get their fingerprints and are compressed."""

    def post_process(self, paths: dict, dry_run: bool = False, **options) -> Iterator:
        if not dry_run:
            for name, parts in SHEETS.items():
                path = path_of(name)
                self.delete(path)
                self._save(path, ContentFile("\n".join(map(self.written, parts))))
                paths[path] = (self, path)
        return super().post_process(paths, dry_run, **options)

    def written(self, part: str) -> str:
        """A file without its comments; of Bootstrap, only what some page can use."""
        with self.open(part) as file:
            css = COMMENT.sub("", file.read().decode())
        if part in (BOOTSTRAP, BOOTSTRAP_RTL):
            return without_unused_rules(css, words_of_pages())
        css = re.sub(r"\s*\n\s*", "\n", css).strip()
        return f"@media print {{\n{css}\n}}" if part == PRINT else css
