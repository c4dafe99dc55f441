from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from hms.core.stylesheets import linked

register = template.Library()


@register.simple_tag
def stylesheet(name: str) -> SafeString:
    """Link a stylesheet of hms.core.stylesheets: site, site-rtl or staff."""
    return format_html_join("\n", '<link rel="stylesheet" href="{}" media="{}">', linked(name))
