import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()


@register.filter(is_safe=True)
def named_heads(markup: SafeString) -> SafeString:
    """Give the first column of Django's inline table a heading, and make an empty heading a plain cell."""
    name = format_html('<th class="original"><span class="visually-hidden">{}</span></th>', _("Row"))
    markup = markup.replace('<th class="original"></th>', name)
    return mark_safe(re.sub(r"<th>\s*</th>", "<td></td>", markup))  # noqa: S308 - Django's own template
