"""PDF files from our own templates and style sheets; nothing outside the page is fetched."""

import logging

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

PAPERS = ("a4", "a5")

# It logs every step of every page.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)


class PdfUnavailable(Exception):
    """The PDF library, or a system library that it needs, is not installed."""


def draw_pdf(page: str, *, stylesheets: list[str]) -> bytes:
    """Render a complete HTML page; raises `PdfUnavailable` if the library or Pango is missing."""
    try:
        import weasyprint  # noqa: PLC0415 - loads system libraries, which may be missing
    except (ImportError, OSError) as error:
        raise PdfUnavailable from error
    fetcher = weasyprint.URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    sheets = [weasyprint.CSS(filename=finders.find(name), url_fetcher=fetcher) for name in stylesheets]
    document = weasyprint.HTML(string=page, url_fetcher=fetcher)
    return document.write_pdf(stylesheets=sheets, pdf_variant="pdf/ua-1")


def draw_letter(template: str, context: dict, *, title: str, paper: str = "a4") -> bytes:
    """Render a template that extends `documents/letterhead.html`; `paper` is one of `PAPERS`."""
    page = render_to_string(
        "documents/pdf.html", context | {"letter": template, "title": title, "paper_size": paper}
    )
    return draw_pdf(page, stylesheets=["css/pages/letter-pdf.css"])


def paper_size(request) -> str:
    """The paper that the address asks for with `?size=`; A4 otherwise."""
    asked = request.GET.get("size", "")
    return asked if asked in PAPERS else PAPERS[0]


def send_pdf(request, draw, *, name: str, otherwise: str) -> HttpResponse:
    """Answer with the file that `draw()` returns; without the library, redirect with a message."""
    try:
        content = draw()
    except PdfUnavailable:
        text = _("This server cannot create PDF files. You can print this page instead.")
        messages.warning(request, text)
        return redirect(otherwise)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{name.replace('/', '-')}.pdf")
    return response
