"""Pictures are encoded again, so that nothing but the picture is stored."""

import re
from io import BytesIO

from django.conf import settings
from PIL import Image, ImageOps

from clinical.files.refusals import FileDamaged, FileHidesMore, FileRefused, PictureMoves, PictureTooLarge
from clinical.statuses import FileType

MILLION = 1_000_000
FORMATS = {FileType.PNG: "PNG", FileType.JPEG: "JPEG", FileType.WEBP: "WEBP"}
# Millions of pixels of the formats that are slow to write: about a second. JPEG takes a tenth of that.
MOST_OF_SLOW = {FileType.PNG: 16, FileType.WEBP: 12}
QUICKLY = {FileType.PNG: {"compress_level": 1}, FileType.WEBP: {"method": 0}}
# What must not follow a photograph. Telephones append other things: a moving part, a map of brightness.
HIDDEN = re.compile(
    rb"PK\x03\x04|Rar!\x1a|7z\xbc\xaf|\x7fELF|%PDF-|<!doctype|<(?:html|head|body|script|svg|iframe|\?php|\?xml)",
    re.IGNORECASE,
)
BLANK = b"\x00\t\n\r "
# A marker may be filled up with FF; a great many only keep a reader busy.
JPEG_FILL = re.compile(rb"\xff{1,16}([^\xff])")
JPEG_END, JPEG_SCAN = 0xD9, 0xDA
# In the data of a scan, FF is followed by 0 or by the number of a restart; anything else is a marker.
JPEG_MARKER = re.compile(rb"\xff(?=[^\x00\xff\xd0-\xd7])")


def redraw(content: bytes, file_type: FileType) -> bytes:
    """The picture upright, in the same format; refuses what is damaged, too large, moves or hides more."""
    if file_type == FileType.WEBP:  # its reader makes room for the picture before it says how large it is
        refuse_large(*size_of_webp(content), file_type)
    refuse_hidden(content, file_type)
    try:
        with Image.open(BytesIO(content), formats=[FORMATS[file_type]]) as image:
            refuse_large(*image.size, file_type)
            # A photograph may carry a second one, in another exposure: only the first is kept.
            if file_type != FileType.JPEG and getattr(image, "n_frames", 1) > 1:
                raise PictureMoves
            return written(ImageOps.exif_transpose(image), file_type)
    except FileRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large(file_type) from error
    except Exception as error:  # readers raise anything at damaged data
        raise FileDamaged from error


def refuse_large(width: int, height: int, file_type: FileType) -> None:
    if width * height > most_megapixels(file_type) * MILLION:
        raise too_large(file_type)


def most_megapixels(file_type: FileType) -> int:
    most = settings.CLINICAL_FILES["megapixels"]
    return min(most, MOST_OF_SLOW.get(file_type, most))


def too_large(file_type: FileType) -> PictureTooLarge:
    most = most_megapixels(file_type)
    jpeg = most_megapixels(FileType.JPEG)
    if most == jpeg:
        return PictureTooLarge(megapixels=most)
    return PictureTooLarge(PictureTooLarge.of_slow, megapixels=most, type=FORMATS[file_type], jpeg=jpeg)


def written(picture: Image.Image, file_type: FileType) -> bytes:
    if "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if file_type == FileType.JPEG and picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    picture.info.clear()  # comments and colour profiles would be written again
    out = BytesIO()
    picture.save(out, FORMATS[file_type], quality=90, **QUICKLY.get(file_type, {}))
    return out.getvalue()


def refuse_hidden(content: bytes, file_type: FileType) -> None:
    ends = {FileType.PNG: end_of_png, FileType.JPEG: end_of_jpeg, FileType.WEBP: end_of_webp}
    end = ends[file_type](content)
    if end is None or end > len(content):
        raise FileDamaged
    rest = content[end:].strip(BLANK)
    if rest and (file_type != FileType.JPEG or HIDDEN.search(rest)):
        raise FileHidesMore


def end_of_png(content: bytes) -> int | None:
    at = 8
    while at + 12 <= len(content):
        kind = content[at + 4 : at + 8]
        at += 12 + int.from_bytes(content[at : at + 4], "big")
        if kind == b"IEND":
            return at
    return None


def end_of_webp(content: bytes) -> int:
    size = int.from_bytes(content[4:8], "little")
    return 8 + size + size % 2


def end_of_jpeg(content: bytes) -> int | None:
    at = 2
    while filled := JPEG_FILL.match(content, at):
        at, marker = filled.end() - 2, filled[1][0]
        if marker == JPEG_END:
            return at + 2
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == JPEG_SCAN:
            found = JPEG_MARKER.search(content, at)
            at = found.start() if found else len(content)
    return None


def size_of_webp(content: bytes) -> tuple[int, int]:
    """Width and height from the first chunk, in each of the three forms."""
    form = content[12:16]
    if form == b"VP8X":
        return tuple(1 + int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
    if form == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return tuple(int.from_bytes(content[at : at + 2], "little") & 0x3FFF for at in (26, 28))
