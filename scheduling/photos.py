"""Re-encodes uploaded photographs as small JPEG files.

Re-encoding removes anything else in the upload: another format behind the file name, scripts, and the
place where the photograph was taken.
"""

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from scheduling.exceptions import PhotoRefused

LARGEST_BYTES = 5 * 1024 * 1024
LARGEST_SIDE = 8000  # pixels; a small file can unpack to gigabytes
STORED_SIDE = 640
FORMATS = ["JPEG", "PNG", "WEBP"]


def redraw(upload, name: str) -> ContentFile:
    """The upload as an upright JPEG of at most 640 pixels; refuses with `PhotoRefused`."""
    if upload.size > LARGEST_BYTES:
        raise PhotoRefused
    try:
        upload.seek(0)
        with Image.open(upload, formats=FORMATS) as image:
            if max(image.size) > LARGEST_SIDE:
                raise PhotoRefused
            drawn = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PhotoRefused from error
    drawn.thumbnail((STORED_SIDE, STORED_SIDE))
    out = BytesIO()
    drawn.save(out, "JPEG", quality=85, optimize=True)
    return ContentFile(out.getvalue(), name=f"{name}.jpg")
