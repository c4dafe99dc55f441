from pathlib import Path

from django.core.management.base import CommandError

NEEDS_NAMES = "Say with --source and --edition what the file holds; both are shown with what is found in it."


def add_file_arguments(parser, columns: str) -> None:
    """Options of a command that loads a list from a file of the hospital's."""
    parser.add_argument("--file", type=Path, help=f"CSV, UTF-8, with the columns {columns}")
    parser.add_argument("--source", help="whose list the file is")
    parser.add_argument("--edition", help="its edition, for example 2019")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")


def text_of(file: Path, source: str | None, edition: str | None, *, reserved: str) -> str:
    """The content of the file; refuses one without source and edition, or under a reserved name."""
    if not (source and edition):
        raise CommandError(NEEDS_NAMES)
    if source.casefold() == reserved.casefold():
        raise CommandError(f"“{reserved}” is the name of another list: choose another --source.")
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not UTF-8: save it as “CSV UTF-8”.") from error
