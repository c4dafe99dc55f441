from django import template
from django.utils.html import format_html_join

from hms.core import conflict_words
from hms.core.edit_conflicts import FIELD, EditConflict

register = template.Library()


@register.simple_tag
def fingerprints(form, inline_admin_formsets) -> str:
    forms = [form, *(row for inline in inline_admin_formsets for row in inline.formset.initial_forms)]
    return format_html_join("", "{}", ((one[FIELD],) for one in forms if FIELD in one.fields))


@register.simple_tag(takes_context=True)
def who_changed(context, conflict: EditConflict) -> str:
    return conflict_words.who_changed(conflict, context["request"].user)
