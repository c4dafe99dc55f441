"""What an uploaded file is. Its content decides; the name and what the browser says are no evidence."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings

from clinical.files.pdfs import refuse_unsafe_pdf
from clinical.files.pictures import redraw
from clinical.files.refusals import FileNameMisleads, FileTooLarge, FileTypeRefused
from clinical.files.scanner import scan
from clinical.statuses import FileType

MEGABYTE = 1024 * 1024
LONGEST_NAME = 100
LARGER_REDRAWN = 2  # pictures are written quickly, and so not as small as they came
ENDINGS = {
    FileType.PDF: ("pdf",),
    FileType.PNG: ("png",),
    FileType.JPEG: ("jpg", "jpeg"),
    FileType.WEBP: ("webp",),
}
JOINERS = "\u200c\u200d"  # part of words in Indian scripts
INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
NOT_IN_NAMES = set('/\\<>:"|?*')


@dataclass(frozen=True)
class CleanFile:
    content: bytes
    file_type: FileType
    name: str


def examine(upload) -> CleanFile:
    """The file as it may be stored; refuses with a `FileRefused`.

    A picture is encoded again, upright and without what else the file held: place, camera, comments.
    """
    largest = settings.CLINICAL_FILES["largest_mb"]
    if upload.size > largest * MEGABYTE:
        raise FileTooLarge(megabytes=largest)
    upload.seek(0)
    content = upload.read()
    file_type = type_of(content)
    if file_type is None:
        raise FileTypeRefused
    name = clean_name(upload.name or "", file_type)
    scan(content)
    if file_type == FileType.PDF:
        refuse_unsafe_pdf(content)
    else:
        content = redraw(content, file_type)
    if len(content) > LARGER_REDRAWN * largest * MEGABYTE:
        raise FileTooLarge(megabytes=largest)
    return CleanFile(content, file_type, name)


def type_of(content: bytes) -> FileType | None:
    if content.startswith(b"%PDF-"):
        return FileType.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return FileType.WEBP
    return None


def clean_name(name: str, file_type: FileType) -> str:
    """The name to show and to save under: no folders, no invisible characters, the ending of the type.

    Refuses with `FileNameMisleads` an ending that says something else than the content.
    """
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    shown = "".join(character for character in last if is_shown(character))
    stem, dot, ending = shown.strip(". ").rpartition(".")
    if not dot:
        stem, ending = ending, ENDINGS[file_type][0]
    if ending.lower() not in ENDINGS[file_type]:
        raise FileNameMisleads(ending=ending[:20], type=file_type.label)
    stem = " ".join(stem.split()).strip(". ")[:LONGEST_NAME] or "file"
    return f"{stem}.{ending.lower()}"


def is_shown(character: str) -> bool:
    is_named = character not in NOT_IN_NAMES and unicodedata.category(character) not in INVISIBLE
    return is_named or character in JOINERS
