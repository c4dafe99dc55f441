"""Describes a log entry to the patient it is about.

Includes only what the patient may know: person, role, action and reason; no network addresses, no keys,
and of a list only that the patient was on it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Role
from audit.capture.context import Source
from audit.models import Action, Outcome

GUARDIANSHIP = "accounts.guardianship"
BY_ACTION = {
    Action.SEARCH: gettext_lazy("Found %(whom)s in a search of {many}"),
    Action.EXPORT: gettext_lazy("Exported a file of {many} that includes %(whom)s"),
    Action.PRINT: gettext_lazy("Printed %(whose)s {one}"),
    Action.DOWNLOAD: gettext_lazy("Downloaded %(whose)s {one}"),
}
BY_VIEW = {
    "list": gettext_lazy("Saw %(whom)s in a list of {many}"),
    "history": gettext_lazy("Viewed the history of %(whose)s {one}"),
    "who-accessed": gettext_lazy("Viewed this page"),
}
# The reason for access by role; of several roles the first listed here counts.
WHY = {
    Role.DOCTOR: gettext_lazy("Doctors see the records of patients who have an appointment with them."),
    Role.NURSE: gettext_lazy("Nurses see the visits to the doctors with whom they work."),
    Role.LAB_TECHNICIAN: gettext_lazy("The laboratory sees the patients whose tests it does."),
    Role.RECEPTIONIST: gettext_lazy("The front desk books, checks people in and takes payments."),
    Role.BILLING_CLERK: gettext_lazy("Billing handles bills, payments and refunds."),
    Role.AUDITOR: gettext_lazy("Auditors check that records are used properly."),
    Role.ADMINISTRATOR: gettext_lazy("Administrators run the hospital's system."),
    "superuser": gettext_lazy("Administrators run the hospital's system."),
}
ICONS = {
    Action.SEARCH: "search",
    Action.PRINT: "printer",
    Action.DOWNLOAD: "download",
    Action.EXPORT: "download",
    Action.CREATE: "plus",
    Action.UPDATE: "edit",
    Action.DELETE: "close",
}


@dataclass(frozen=True)
class Description:
    """The description of one entry; equal descriptions on one day become one line."""

    who: str
    roles: str
    is_you: bool
    what: str
    why: str
    icon: str
    actor_id: int | None


def describe(
    row: dict, *, reader, patient_name: str, is_self: bool, carers: Collection[int] = ()
) -> Description:
    """Describe the entry to `reader`, the patient or a carer; `carers` have acted for the patient."""
    row = row | {"is_by_staff": is_by_staff(row, carers)}
    is_you = row["actor_id"] == reader.pk
    names = {
        "whom": _("you") if is_self else patient_name,
        "whose": _("your") if is_self else _("%(name)s’s") % {"name": patient_name},  # noqa: RUF001
    }
    refused = row["outcome"] != Outcome.DONE
    what = _("Tried to open %(whose)s record, and was refused") if refused else _what(row)
    return Description(
        who=_("You") if is_you else _name(row),
        roles="" if is_you else _roles(row),
        is_you=is_you,
        what=str(what) % names,
        why=_why(row, is_you=is_you),
        icon="shield" if refused else ICONS.get(row["action"], "eye"),
        actor_id=row["actor_id"],
    )


def _what(row: dict) -> str:
    action, model = row["action"], row["model"]
    if action == Action.CREATE:
        return _declared(model, "access_created") or _("Added to %(whose)s record")
    if action == Action.UPDATE:
        return _declared(model, "access_changed") or _with_noun(_("Changed %(whose)s {one}"), model)
    if action == Action.DELETE:
        return _with_noun(_("Deleted %(whose)s {one}"), model)
    return _looked(row, _subject(row))


def _looked(row: dict, model: str) -> str:
    view = row["details"].get("view", "")
    if row["action"] in BY_ACTION:
        return _with_noun(BY_ACTION[row["action"]], model)
    if view in BY_VIEW:
        return _with_noun(BY_VIEW[view], model)
    of_several = row["patient_id"] is None and row["source"] != Source.PAGE
    return _with_noun(BY_VIEW["list"] if of_several else _("Viewed %(whose)s {one}"), model)


def _subject(row: dict) -> str:
    """The subject of a page: the first kind of record it showed other than the patient."""
    shown = list(row["details"].get("shown", ()))
    return next((model for model in shown if model != GUARDIANSHIP), row["model"])


def _with_noun(sentence: str, model: str) -> str:
    one, many = _declared(model, "access_nouns") or _names(model)
    return sentence.format(one=one, many=many)


def _declared(label: str, words: str):
    return getattr(_model(label), words, None)


def _names(label: str) -> tuple[str, str]:
    model = _model(label)
    if model is None:
        return _("record"), _("records")
    return model._meta.verbose_name, model._meta.verbose_name_plural


def _model(label: str) -> type[Model] | None:
    """The entry's model, or None if it has none or the model no longer exists."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def is_by_staff(row: dict, carers: Collection[int]) -> bool:
    """Whether it was staff work: carers use the patients' pages, and may be members of staff too."""
    return row["actor_id"] is not None and (row["source"] != Source.PAGE or row["actor_id"] not in carers)


def _name(row: dict) -> str:
    """The name without the e-mail address that follows it in the log."""
    if row["actor_id"] is None:
        return _("The hospital’s system")  # noqa: RUF001 - as it is printed
    return row["actor_label"].rpartition(" (")[0] or _("Unnamed person")


def _held(row: dict) -> list[str]:
    return row["actor_roles"].split(", ") if row["actor_roles"] and row["is_by_staff"] else []


def _roles(row: dict) -> str:
    labels = dict(Role.choices) | {"superuser": Role.ADMINISTRATOR.label}
    return ", ".join(dict.fromkeys(str(labels[name]) for name in _held(row) if name in labels))


def _why(row: dict, *, is_you: bool) -> str:
    if row["reason"]:
        return _("Reason given: %(reason)s") % {"reason": row["reason"]}
    if is_you:
        return ""
    if row["actor_id"] is None:
        return _("An automatic step, for example when a held time runs out.")
    if not row["is_by_staff"]:
        return _("Acts for this patient.")
    held = _held(row)
    return str(next((why for role, why in WHY.items() if role in held), _("Works here.")))
