"""Uploaded files are what their content says; what could harm a reader is refused, nothing else is kept."""

import random
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from clinical.files import refusals
from clinical.files.content import CleanFile, clean_name, examine
from clinical.statuses import FileType
from tests.clinical.uploads import (
    GIF_WITH_HTML,
    HTML,
    PDF,
    SVG,
    moving,
    packed_objects,
    pdf_with,
    picture,
    png_of,
    upload,
    webp_of,
)

pytestmark = pytest.mark.feature("C08")

PNG, JPEG, WEBP = picture("PNG"), picture("JPEG"), picture("WEBP")


@pytest.mark.parametrize(
    ("content", "name", "file_type"),
    [
        (PDF, "report.pdf", FileType.PDF),
        (PNG, "scan.PNG", FileType.PNG),
        (JPEG, "photo.jpeg", FileType.JPEG),
        (WEBP, "photo.webp", FileType.WEBP),
    ],
)
def test_the_four_types_are_accepted_by_their_content(content, name, file_type):
    file = examine(upload(content, name))

    assert (file.file_type, file.name) == (file_type, name.replace("PNG", "png"))
    if file_type != FileType.PDF:
        assert Image.open(BytesIO(file.content)).size == (40, 20)


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"", "empty.pdf", refusals.FileTypeRefused),
        (SVG, "drawing.svg", refusals.FileTypeRefused),
        (SVG, "drawing.png", refusals.FileTypeRefused),
        (HTML, "page.pdf", refusals.FileTypeRefused),
        (GIF_WITH_HTML, "dot.png", refusals.FileTypeRefused),
        (b"\n" + PDF, "late.pdf", refusals.FileTypeRefused),
        (b"MZ" + bytes(100), "report.pdf", refusals.FileTypeRefused),
        (picture("GIF"), "x.gif", refusals.FileTypeRefused),
        (picture("TIFF"), "x.jpg", refusals.FileTypeRefused),
        (PNG, "report.pdf", refusals.FileNameMisleads),
        (JPEG, "page.html", refusals.FileNameMisleads),
        (PDF, "report.pdf.exe", refusals.FileNameMisleads),
        (PNG + HTML, "x.png", refusals.FileHidesMore),
        (WEBP + b"PK\x03\x04", "x.webp", refusals.FileHidesMore),
        (JPEG + b"\xff\x00" + HTML.upper(), "x.jpg", refusals.FileHidesMore),
        (JPEG + PDF, "x.jpg", refusals.FileHidesMore),
        (PDF + b"PK\x03\x04archive", "x.pdf", refusals.FileHidesMore),
        (PDF + HTML, "x.pdf", refusals.FileHidesMore),
        (PNG[:-30], "x.png", refusals.FileDamaged),
        (JPEG[:200], "x.jpg", refusals.FileDamaged),
        (WEBP[:60], "x.webp", refusals.FileDamaged),
        (PDF.replace(b"startxref", b""), "x.pdf", refusals.FileDamaged),
        (PDF[:-8], "x.pdf", refusals.FileDamaged),
        (b"\xff\xd8" + b"\xff" * 5_000_000, "x.jpg", refusals.FileDamaged),
        (b"%PDF-1.7\n" + b"stream\n" * 500_000 + b"startxref\n0\n%%EOF", "x.pdf", refusals.FileDamaged),
        (moving("PNG"), "x.png", refusals.PictureMoves),
        (moving("WEBP"), "x.webp", refusals.PictureMoves),
        (png_of(60_000, 60_000), "x.png", refusals.PictureTooLarge),
        (png_of(10_000, 9_000), "x.png", refusals.PictureTooLarge),
        (png_of(10_001, 5_000), "x.png", refusals.PictureTooLarge),
        (webp_of(16_383, 16_383), "x.webp", refusals.PictureTooLarge),
    ],
)
def test_a_file_that_is_something_else_or_hides_something_is_refused(content, name, refusal):
    with pytest.raises(refusal) as refused:
        examine(upload(content, name))

    assert type(refused.value) is refusal
    assert refused.value.field == "upload"


@pytest.mark.parametrize(
    "body",
    [
        b"5 0 obj\n<< /S /JavaScript /JS (app.alert\\(1\\)) >>\nendobj",
        b"5 0 obj\n<< /S /J#61vaScr#69pt >>\nendobj",
        b"5 0 obj\n<< /#4a#53 6 0 R >>\nendobj",
        b"5 0 obj\n<</S/Launch/F(cmd.exe)>>\nendobj",
        b"5 0 obj\n<< /Names << /EmbeddedFiles 7 0 R >> >>\nendobj",
        b"5 0 obj\n<< /AcroForm << /XFA 8 0 R >> >>\nendobj",
        b"5 0 obj\n<< /S /SubmitForm >>\nendobj",
        packed_objects(b"5 0 << /S /Launch >>"),
        packed_objects(b"5 0 << /JS (x) >>"),
        packed_objects(b"5 0 << /J#53 (x) >>", filters=b""),
        packed_objects(b"5 0 << /Type /Page >>", filters=b"/Filter [/ASCIIHexDecode /FlateDecode]"),
    ],
)
def test_a_pdf_that_acts_is_refused_however_it_is_written(body):
    with pytest.raises(refusals.PdfActs):
        examine(upload(pdf_with(body)))


def test_a_pdf_with_packed_pages_and_a_picture_that_spells_js_is_accepted():
    harmless = packed_objects(b"5 0 << /Type /Page >>")
    photograph = b"8 0 obj\n<< /Subtype /Image >>\nstream\n\x01/JS \x02/XFA\nendstream\nendobj"
    content = pdf_with(harmless + b"\n" + photograph)

    assert examine(upload(content)).content == content


def test_a_pdf_with_a_password_is_refused():
    with pytest.raises(refusals.PdfEncrypted):
        examine(upload(PDF.replace(b"/Root", b"/Encrypt 4 0 R /Root")))


def test_a_packed_bomb_is_refused():
    bomb = packed_objects(bytes(70 * 1024 * 1024))

    with pytest.raises(refusals.FileDamaged):
        examine(upload(pdf_with(bomb)))


def test_a_file_over_the_limit_is_refused_before_it_is_read(settings):
    settings.CLINICAL_FILES = settings.CLINICAL_FILES | {"largest_mb": 1}
    large = upload(PDF + bytes(1024 * 1024))
    large.file = None

    with pytest.raises(refusals.FileTooLarge) as refused:
        examine(large)

    assert refused.value.messages == ["The file has more than 1 MB."]


def test_a_photograph_is_stored_upright_and_without_where_it_was_taken():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x8825] = {1: "N", 2: (12.0, 58.0, 0.0)}  # the place
    exif[0x010E] = "Sunita at home"
    taken = picture("JPEG", exif=exif, comment=b"from my telephone", icc_profile=b"x" * 200)

    stored = Image.open(BytesIO(examine(upload(taken, "photo.jpg")).content))

    assert stored.size == (20, 40)
    assert dict(stored.getexif()) == {}
    assert {"exif", "comment", "icc_profile"} & set(stored.info) == set()
    red, _green, blue = stored.getpixel((10, 5))
    assert red > 200 > 60 > blue


def test_what_a_telephone_appends_to_a_photograph_is_dropped():
    file = examine(upload(JPEG + b"\xff\xd8\xff" + bytes(500), "photo.jpg"))

    assert Image.open(BytesIO(file.content)).size == (40, 20)
    assert bytes(500) not in file.content


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_a_scan_keeps_its_depth(mode):
    out = BytesIO()
    Image.new(mode, (9, 9)).save(out, "PNG")

    assert Image.open(BytesIO(examine(upload(out.getvalue(), "x.png")).content)).mode == mode


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("C:\\Reports\\blood test.PDF", "blood test.pdf"),
        ("../../x", "x.pdf"),
        ("..", "file.pdf"),
        ("", "file.pdf"),
        (".pdf", "pdf.pdf"),
        ("invoice\u202efdp.pdf", "invoicefdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ('"quoted";<b>.pdf', "quoted;b.pdf"),
        ("क्ष\u200dकिरण.pdf", "क्ष\u200dकिरण.pdf"),
        ("n" * 300 + ".pdf", "n" * 100 + ".pdf"),
    ],
)
def test_a_name_is_shown_without_folders_and_invisible_characters(name, shown):
    assert clean_name(name, FileType.PDF) == shown


@given(st.text(max_size=200))
def test_no_name_leads_out_of_a_folder_or_a_header(typed):
    try:
        name = clean_name(typed, FileType.PNG)
    except refusals.FileNameMisleads:
        return

    assert name.endswith(".png")
    assert not set(name) & set('/\\\r\n\0"\u202e')
    assert not name.startswith(".")


@pytest.mark.parametrize("whole", [PDF, PNG, JPEG, WEBP], ids=["pdf", "png", "jpeg", "webp"])
def test_a_broken_file_is_refused_or_cleaned_but_never_an_error(whole):
    chance = random.Random(7)
    for _number in range(300):
        broken = bytearray(whole)
        for _change in range(chance.randint(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        cut = bytes(broken[: chance.choice([len(broken), chance.randrange(len(broken))])])
        with suppress(refusals.FileRefused):
            assert isinstance(examine(upload(cut, "file")), CleanFile)
