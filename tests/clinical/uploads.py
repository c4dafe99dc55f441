"""Files as people upload them: good ones, and ones that an attacker makes."""

import struct
import zlib
from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = (
    b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    b"trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"
)
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
GIF_WITH_HTML = b"GIF89a/*" + HTML + b"*/=1;"


def picture(file_format: str, size: tuple[int, int] = (40, 20), **options) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = BytesIO()
    image.save(out, file_format, **options)
    return out.getvalue()


def pdf_with(body: bytes) -> bytes:
    return PDF.replace(b"trailer\n", body + b"\ntrailer\n")


def packed_objects(body: bytes, filters: bytes = b"/Filter /FlateDecode") -> bytes:
    stream = zlib.compress(body) if filters else body
    return b"9 0 obj\n<< /Type /ObjStm %b >>\nstream\n%b\nendstream\nendobj" % (filters, stream)


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large, with hardly any data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(1000))), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def webp_of(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + (10).to_bytes(4, "little") + bytes(4) + sides
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def moving(file_format: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    out = BytesIO()
    frames[0].save(out, file_format, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def upload(content: bytes = PDF, name: str = "report.pdf") -> SimpleUploadedFile:
    """Claims to be a PDF, whatever it is: what a browser says counts for nothing."""
    file = SimpleUploadedFile("x", content, "application/pdf")
    file._name = name  # Django shortens names that a request sends; a service may get any
    return file


def stored() -> int:
    """How many files are in the folder of the records."""
    return sum(path.is_file() for path in settings.CLINICAL_FILES["root"].rglob("*"))
