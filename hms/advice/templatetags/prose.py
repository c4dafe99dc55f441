from collections.abc import Iterator
from itertools import groupby

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
ITEM, HEADING = "- ", "# "


@register.filter
def prose(text: str) -> SafeString:
    """Text in paragraphs, lists and headings; anything that looks like HTML is shown as it was typed."""
    return format_html_join("\n", "{}", ((part,) for part in _parts(text)))


def _parts(text: str) -> Iterator[SafeString]:
    for kind, lines in groupby(map(str.strip, text.splitlines()), _kind):
        if kind == ITEM:
            items = format_html_join("", "<li>{}</li>", ((line.removeprefix(ITEM),) for line in lines))
            yield format_html("<ul>{}</ul>", items)
        elif kind == HEADING:
            for line in lines:
                yield format_html("<h2>{}</h2>", line.removeprefix(HEADING))
        elif kind:
            yield format_html("<p>{}</p>", " ".join(lines))


def _kind(line: str) -> str:
    if not line:
        return ""
    return next((mark for mark in (ITEM, HEADING) if line.startswith(mark)), "text")
