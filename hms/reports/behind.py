"""The lists of the staff site that stand behind the numbers of a report, for those who may open them."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.contrib.auth import get_permission_codename
from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from accounts.models import Patient
from hms.core.refusals import NotAllowed
from hms.reports.forms import ScopeForm
from hms.reports.question import QUESTIONS, Behind, Column, Question, Row
from hms.reports.scope import Scope
from hms.reports.services import doctors_open_to
from scheduling.models import Appointment
from scheduling.models.branch import ALL

COUNTED = "counted"  # the parameter of the lists
# The list of appointments begins with those of today at one's own branches.
EVERYTHING = {Appointment: {"when": "any", "branch": ALL}}


def address_behind(question: Question, scope: Scope, column: Column, row: Row | None = None) -> str:
    """Of the list behind the number of the column in the row, by default in the whole table; may be empty."""
    behind = column.behind
    if behind is None or not may_open(behind.model, scope.by):
        return ""
    if row is not None and row.keys().isdisjoint({"key", "days"}):
        return ""
    first, last = row.get("days", (scope.first, scope.last)) if row else (scope.first, scope.last)
    asked = {"report": question.slug, "column": column.name, "first": first, "last": last, **scope.asked}
    if row and "key" in row:
        asked["row"] = "" if row["key"] is None else row["key"]
    meta = behind.model._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return f"{address}?{urlencode(EVERYTHING.get(behind.model, {}) | {COUNTED: urlencode(asked)})}"


def may_open(model: type[Model], user) -> bool:
    return user.has_perm(f"{model._meta.app_label}.{get_permission_codename('view', model._meta)}")


def sees_all(model: type[Model], scope: Scope) -> bool:
    """Whether the list shows the person all rows that are counted; otherwise it shows those of one's own."""
    own = getattr(scope.by, "doctor", None)
    is_own = own is not None and scope.doctors == {own.pk} and model in (Appointment, Patient)
    return is_own or scope.by.has_perm(model.view_every_permission)


@dataclass(frozen=True)
class Counted:
    """What the address of a list asks for: the rows behind a number."""

    question: Question
    column: Column
    scope: Scope
    key: str | None

    @classmethod
    def read(cls, text: str, user) -> "Counted | None":
        """None for what is no such address, or one of a report that is not for the person."""
        asked = dict(parse_qsl(text, keep_blank_values=True))
        question = QUESTIONS.get(asked.pop("report", ""))
        name, key = asked.pop("column", ""), asked.pop("row", None)
        column = question and next((one for one in question.columns if one.name == name), None)
        if column is None or column.behind is None:
            return None
        try:
            form = ScopeForm(asked, question=question, doctors=doctors_open_to(question=question, by=user))
        except NotAllowed:
            return None
        return cls(question, column, form.scope(user), key) if form.is_valid() else None

    def of(self, rows: QuerySet) -> QuerySet:
        """Those of the list that are counted."""
        behind = self.column.behind
        counted = behind.rows(self.scope)
        if self.key is not None:
            counted = counted.filter(condition(behind, self.key))
        return rows.filter(pk__in=counted.order_by().values(behind.to))


def condition(behind: Behind, key: str) -> Q:
    if callable(behind.key):
        return behind.key(key)
    return Q(**({behind.key: key} if key else {f"{behind.key}__isnull": True}))
