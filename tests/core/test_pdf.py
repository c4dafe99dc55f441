"""Documents as PDF: on the paper that is asked for, in the script of the text, nothing from elsewhere."""

import re
import shutil
import subprocess
import zlib

import pytest
from django.test import RequestFactory

from hms.core.pdf import draw_letter, draw_pdf, paper_size

pytestmark = pytest.mark.feature("C18")

HOSPITAL = {"name": "Sanjeevani Hospital", "address": "14 Residency Road", "phone": "+91 80 4000 1200"}
DOCTOR = {
    "name": "Dr. Asha Rao",
    "qualification": "MBBS, MD",
    "designation": "Consultant, Cardiology",
    "registration": "KMC 12345",
}
LETTERHEAD = {"hospital": HOSPITAL, "doctor": DOCTOR}
RED_DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8Dw"
    "HwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
)


def contents(pdf: bytes) -> bytes:
    """The file with its compressed parts unpacked."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            # Not `decompress`: the pattern takes a last byte that is a carriage return for a line end.
            parts.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts)


def letter(**context) -> bytes:
    context = {"letterhead": LETTERHEAD, "issued_on": "22 November 2026"} | context
    paper = context.pop("paper", "a4")
    return draw_letter("documents/letterhead.html", context, title="Letter", paper=paper)


@pytest.mark.parametrize(("paper", "points"), [("a4", ("595", "841")), ("a5", ("419", "595"))])
def test_a_letter_is_drawn_on_the_paper_that_is_asked_for(paper, points):
    drawn = contents(letter(paper=paper))

    box = re.search(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)[.\d]*\]", drawn)
    assert tuple(part.decode() for part in box.groups()) == points
    assert b"pdfuaid" in drawn


@pytest.mark.parametrize(
    ("query", "paper"), [("", "a4"), ("?size=a5", "a5"), ("?size=a4", "a4"), ("?size=../x", "a4")]
)
def test_the_address_chooses_the_paper(query, paper):
    assert paper_size(RequestFactory().get(f"/{query}")) == paper


def has_devanagari() -> bool:
    if not (lister := shutil.which("fc-list")):
        return False
    return bool(subprocess.run([lister, ":lang=hi", "file"], capture_output=True).stdout)  # noqa: S603


@pytest.mark.skipif(not has_devanagari(), reason="no font with Devanagari is installed (fonts-noto-core)")
def test_hindi_is_drawn_in_a_font_that_has_it():
    drawn = contents(letter(notice="दिन में दो बार, भोजन के बाद"))

    assert re.search(rb"/BaseFont /\w{6}\+[\w-]*Devanagari", drawn)


def test_a_picture_in_the_page_is_drawn_and_one_from_elsewhere_is_not(tmp_path, caplog):
    (tmp_path / "secret.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    page = '<html lang="en"><title>x</title><img alt="Dot" src="{}"></html>'

    inside = draw_pdf(page.format(RED_DOT), stylesheets=[])
    outside = draw_pdf(page.format((tmp_path / "secret.svg").as_uri()), stylesheets=[])

    assert b"/Subtype /Image" in inside
    assert b"/Subtype /Image" not in outside
    assert "disallowed protocol" in caplog.text
