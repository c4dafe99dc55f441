from django.core.management.base import BaseCommand, CommandError

from clinical.services.attachments import files_without_row


class Command(BaseCommand):
    help = "List the files that a crash left behind: older than a day, and of no row. Delete them on request."

    def add_arguments(self, parser):
        parser.add_argument("--delete", action="store_true", help="delete them; without it nothing changes")

    def handle(self, *, delete: bool, **_options):
        left, used = files_without_row()
        if delete and len(left) > used:
            raise CommandError(
                f"{len(left)} files have no row and {used} have one, so this may be the wrong database or an "
                "old copy of it. Nothing was deleted."
            )
        for path in left:
            self.stdout.write(str(path))
            if delete:
                path.unlink(missing_ok=True)
        done = "deleted" if delete else "found. Nothing was deleted; add --delete to do so"
        self.stdout.write(f"{len(left)} files without a row {done}.")
