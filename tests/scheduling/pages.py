"""Reads parts of a response."""

import html
import re

NINE = "20261123T0800Z"  # nine in hospital time on the Monday after `sunday_noon`


def title(response) -> str:
    return _first(response, r"<title>(.*?)</title>").split(" · ")[0]


def heading(response) -> str:
    return words(_first(response, r"<h1[^>]*>(.*?)</h1>"))


def text(response) -> str:
    return words(response.content.decode())


def words(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def links(response, beginning: str = "") -> list[str]:
    """Addresses of links with this prefix, in order."""
    found = re.findall(r'<a\b[^>]*\bhref="([^"]*)"', response.content.decode())
    return [html.unescape(link) for link in found if html.unescape(link).startswith(beginning)]


def times(response) -> list[str]:
    """The labels of the offered slots."""
    return re.findall(r'class="slot" href="[^"]*">([^<]*)<', response.content.decode())


def doctors(response) -> list[str]:
    """The names on the cards, in order."""
    found = re.findall(r"<article class=\"doctor-card\">.*?<h\d><a[^>]*>(.*?)</a>", _body(response))
    return [html.unescape(name) for name in found]


def field_error(response, name: str) -> str:
    error = rf'<(?:p|div) [^>]*id="id_{name}_error"[^>]*>(.*?)</(?:p|div)>'
    return words(_first(response, error)).removeprefix("Error: ")


def error_summary(response) -> list[str]:
    summary = _first(response, r'<div class="error-summary".*?<ul>(.*?)</ul>')
    return [words(item) for item in re.findall(r"<li>(.*?)</li>", summary)]


def notices(response) -> list[str]:
    found = re.findall(r'class="notice[^"]*"[^>]*>(.*?)</(?:div|li|p)>', _body(response))
    return [words(notice) for notice in found]


def _body(response) -> str:
    return " ".join(response.content.decode().split())


def _first(response, pattern: str) -> str:
    found = re.search(pattern, _body(response))
    return html.unescape(found[1]) if found else ""


def book_page(doctor, moment=NINE) -> str:
    """The booking page for a time of the doctor."""
    return f"/book/{doctor.reference}/?at={moment}"


def booking_request(patient, /, **changes) -> dict:
    """The form data of the booking page."""
    return {"patient": patient.reference, "symptoms": "Cough", "key": "k" * 32} | changes
