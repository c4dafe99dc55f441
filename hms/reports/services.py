"""Asks a question on behalf of a person, and logs that the figures were read or exported."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from audit.capture.recorder import Subject, record_event
from audit.models import Action
from hms.core.refusals import NotAllowed
from hms.core.rights import acting
from hms.core.transactions import retried_atomic
from hms.reports.models import Report
from hms.reports.question import QUESTIONS, Kind, Question, Row
from hms.reports.scope import Scope
from scheduling.models import Doctor

ADDED_UP = {Kind.COUNT, Kind.MONEY}


@dataclass(frozen=True)
class Answer:
    question: Question
    scope: Scope
    rows: list[Row]

    @property
    def totals(self) -> Row | None:
        """The sums of the columns, where a sum means something."""
        if not self.question.has_total or len(self.rows) < 2:
            return None
        return {
            column.name: sum((row[column.name] or 0 for row in self.rows), Decimal(0))
            if column.kind == Kind.MONEY
            else sum(row[column.name] or 0 for row in self.rows)
            for column in self.question.columns
            if column.kind in ADDED_UP
        }


def questions_for(user: Any) -> list[Question]:
    """What the person may ask, in the order in which the pages list it."""
    is_doctor = bool(own_doctors(user))
    return [one for one in QUESTIONS.values() if user.has_perm(one.permission) or (is_doctor and one.is_own)]


def may_ask_something(user: Any) -> bool:
    """Whether a link to the reports is worth showing; costs no query."""
    kinds = {one.permission for one in QUESTIONS.values()}
    return any(map(user.has_perm, sorted(kinds))) or user.has_perm("scheduling.manage_own_bookings")


def doctors_open_to(*, question: Question, by) -> frozenset[int] | None:
    """The keys of the doctors about whom the person may ask, None for all; refuses if there is none."""
    if acting(by).has_perm(question.permission):
        return None
    own = own_doctors(by) if question.is_own else frozenset()
    if not own:
        raise NotAllowed
    return own


def own_doctors(user) -> frozenset[int]:
    """The doctor who the login is, and those of the departments that this doctor heads."""
    if not user.is_staff or not user.has_perm("scheduling.view_appointment"):
        return frozenset()
    own = Doctor.objects.filter(Q(user=user) | Q(department__head__user=user)).order_by()
    return frozenset(own.values_list("pk", flat=True))


def ask(*, question: Question, scope: Scope, by) -> Answer:
    """The rows of a question; refuses with `NotAllowed` what reaches beyond the person's doctors."""
    open_to = doctors_open_to(question=question, by=by)
    if open_to is not None and (scope.doctors is None or not scope.doctors <= open_to):
        raise NotAllowed
    return Answer(question, scope, question.rows(scope))


@retried_atomic
def log_reports(
    *, questions: list[Question], asked: dict, action: str = Action.READ, details: dict | None = None, by
) -> None:
    """One entry for the figures that a person gets; whose names were shown is logged with the page."""
    one = questions[0] if len(questions) == 1 else None
    subject = Subject(Report._meta.label_lower, one.slug if one else "", str(one.title) if one else "")
    said = {"filter": asked, "reports": [each.slug for each in questions]} | (details or {})
    record_event(action, subject=subject, details=said, actor=by)
