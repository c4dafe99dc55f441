"""By which door a record was looked at: a page, a list, a search, a history, a file."""

from audit.models import Action

# How Django's admin names its addresses.
ADMIN_VIEWS = {"changelist": "list", "change": "form", "history": "history", "delete": "form"}


def kind_of_read(request, response) -> tuple[str, dict]:
    """The action and what else is worth knowing: the view, and what was searched for."""
    match = request.resolver_match
    name = (match.url_name or "") if match else ""
    words = request.GET.get("q") or request.GET.get("term") or ""
    details = {"view": ADMIN_VIEWS.get(name.rpartition("_")[2], name)}
    if words:
        details["search"] = words
    action = _action(name, words, response)
    if action == Action.EXPORT:
        details["filter"] = request.GET.dict()
    return action, details


def _action(name: str, words: str, response) -> str:
    if response.get("Content-Disposition", "").startswith("attachment"):
        return Action.EXPORT if name.endswith("_export") else Action.DOWNLOAD
    if words or name == "autocomplete":
        return Action.SEARCH
    return Action.PRINT if "print" in name else Action.READ
