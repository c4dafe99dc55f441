"""Icons and avatars: on nearly every line of some pages, so they are written here and not in templates."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, css: str = "") -> SafeString:
    """A drawing of static/img/icons.svg, which says nothing to screen readers."""
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f"icon {css}" if css else "icon",
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def avatar(name: str, pk: int | None, photo=None, size: str = "") -> SafeString:
    """The photo (a field or an address, may be empty), or letters in a colour that the key picks.

    Sizes are s, l and xl.
    """
    css = f"avatar avatar-{size}" if size else "avatar"
    if photo:
        return format_html(
            '<img class="{}" src="{}" alt="" loading="lazy">', css, getattr(photo, "url", photo)
        )
    return format_html(
        '<span class="{} avatar-{}" aria-hidden="true">{}</span>', css, (pk or 0) % 8, initials(name)
    )


def initials(name: str) -> str:
    """The first letters of the first and the last word, without a title."""
    words = str(name).replace("Dr. ", "").replace("Dr ", "").split()
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]])
