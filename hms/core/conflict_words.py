"""What an edit conflict tells the person whose form or button was refused."""

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from hms.core.edit_conflicts import EditConflict, LastChange, last_change


def who_changed(conflict: EditConflict, reader) -> str:
    """Who made the other change, and when. Only staff see the name."""
    change = last_change(conflict.row) if conflict.row else None
    if change is None:
        return _("Somebody changed this while you had it open.")
    moment = localtime(change.at)
    at = date_format(moment, "g:i A" if moment.date() == localdate() else "j M Y, g:i A")
    return _sentence(change, reader) % {"who": change.by_name, "at": at}


def as_message(conflict: EditConflict, reader) -> str:
    """For a button, whose page is not shown again: who changed the row, and what it is now."""
    now = ", ".join(f"{one.label}: {one.saved}" for one in conflict.differences)
    return _("Nothing has been done. %(who_changed)s Now: %(now)s.") % {
        "who_changed": who_changed(conflict, reader),
        "now": now,
    }


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
