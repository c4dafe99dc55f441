from django import template
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from hms.core.edit_conflicts import FIELD, EditConflict, LastChange, last_change

register = template.Library()


@register.simple_tag
def fingerprints(form, inline_admin_formsets) -> str:
    forms = [form, *(row for inline in inline_admin_formsets for row in inline.formset.initial_forms)]
    return format_html_join("", "{}", ((one[FIELD],) for one in forms if FIELD in one.fields))


@register.simple_tag(takes_context=True)
def who_changed(context, conflict: EditConflict) -> str:
    """Who made the other change, and when. Only staff see the name."""
    change = last_change(conflict.row) if conflict.row else None
    if change is None:
        return _("Somebody changed this while you had it open.")
    moment = localtime(change.at)
    at = date_format(moment, "H:i" if moment.date() == localdate() else "j M Y, H:i")
    return _sentence(change, context["request"].user) % {"who": change.by_name, "at": at}


def _sentence(change: LastChange, reader) -> str:
    if change.by_id is None:
        return _("This was changed at %(at)s while you had it open.")
    if change.by_id == reader.pk:
        return _(
            "You changed this yourself at %(at)s, in another window or before you came back to this page."
        )
    if reader.is_staff and change.by_name:
        return _("%(who)s changed this at %(at)s while you had it open.")
    if change.by_staff:
        return _("The hospital changed this at %(at)s while you had it open.")
    return _("Somebody who acts for this patient changed this at %(at)s while you had it open.")
