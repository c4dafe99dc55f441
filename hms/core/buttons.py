"""A button of the staff site: one POST, one service, and back to the page that it was on."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from hms.core.conflict_words import as_message
from hms.core.edit_conflicts import EditConflict
from hms.core.forms import StepForm


def press(request, form: StepForm, service: Callable[[], Any], *, about: str, done: Callable[[Any], str]):
    """Call the service if the row is as the button's page showed it, and say what happened.

    `about` says in a word which row it is, and `done` what the service has done, also if it was done before.
    Returns what the service returned; None if it was not called or refused.
    """
    form.full_clean()
    try:
        result = form.save_unless_changed(service)
    except EditConflict as conflict:
        messages.warning(request, f"{about}: {as_message(conflict, request.user)}")
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done(result))
        return result
    return None


def already(state: str) -> str:
    """For a button or action that is pressed again."""
    return _("Nothing to do: this is already “%(state)s”.") % {"state": state}


def way_back(request, otherwise: str) -> str:
    """The page that the button or link was on if it is on this site."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if is_ours else otherwise
