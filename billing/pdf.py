"""PDF files from our own templates and style sheets; no other address is fetched."""

import logging

from django.contrib.staticfiles import finders

from billing.exceptions import PdfUnavailable

# It logs every step of every page.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)


def draw_pdf(page: str, *, stylesheets: list[str]) -> bytes:
    """Render a complete HTML page; raises `PdfUnavailable` if the library or Pango is missing."""
    try:
        import weasyprint  # noqa: PLC0415 - loads system libraries, which may be missing
    except (ImportError, OSError) as error:
        raise PdfUnavailable from error
    sheets = [weasyprint.CSS(filename=finders.find(name), url_fetcher=_refuse) for name in stylesheets]
    document = weasyprint.HTML(string=page, url_fetcher=_refuse)
    return document.write_pdf(stylesheets=sheets, pdf_variant="pdf/ua-1")


def _refuse(url: str, **_kwargs):
    raise ValueError(f"A document must not refer to external files: {url}")
