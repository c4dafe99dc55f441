"""Figures by e-mail: of the last day every morning, of the last week on Mondays; through the outbox."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hms.core.refusals import delete_or_refuse
from hms.core.rights import require_to_delete, require_to_save
from hms.core.transactions import retried_atomic
from hms.notifications.models import Notification
from hms.notifications.services import queue_notification
from hms.notifications.statuses import Kind
from hms.reports.exceptions import SeesNoFigures
from hms.reports.models import Figures, ReportSubscription
from hms.reports.periods import Step
from hms.reports.question import QUESTIONS, Question
from hms.reports.scope import Scope
from hms.reports.services import ask
from hms.reports.words import shown

# Each answers with one row for the period.
SHOWN = (("patients", _("Patients")), ("bookings", _("Bookings")), ("revenue", _("Money")))
STEPS = {Figures.DAY: Step.DAY, Figures.WEEK: Step.WEEK}
MADE_UP_FOR = {Figures.DAY: 7, Figures.WEEK: 4}  # periods, if no worker ran
Section = tuple[str, list[str]]


@retried_atomic
def save_subscription(*, subscription: ReportSubscription, by) -> ReportSubscription:
    """Let a member of staff get figures by e-mail; refuses who may see none of them."""
    require_to_save(by, subscription)
    subscription.full_clean()
    if not _gets_figures(subscription.user):
        raise SeesNoFigures
    subscription.save()
    return subscription


@retried_atomic
def delete_subscription(*, subscription: ReportSubscription, by) -> None:
    require_to_delete(by, subscription)
    delete_or_refuse(subscription)


def queue_reports(*, now: datetime | None = None) -> int:
    """Queue the figures that are due, once for each person and period; returns how many.

    Also those of earlier periods that nobody wrote, because no worker ran. Who began to get them after a
    period was due gets the next ones. A person who may see no figures any more gets none.
    """
    now = now or timezone.now()
    queued = 0
    for kind in Figures:
        for first, last in periods_due(kind, now):
            rows = _still_to_write(kind, first, due(last))
            for row in rows:
                _queue(row, first, last)
            queued += len(rows)
    return queued


def periods_due(kind: str, now: datetime) -> list[tuple[date, date]]:
    """The last days, or the last weeks from Monday to Sunday, that are over; the earliest first."""
    step = STEPS[Figures(kind)]
    found, following = [], step.first_of(timezone.localdate(now))
    for _period in range(MADE_UP_FOR[Figures(kind)]):
        last = following - timedelta(days=1)
        following = step.first_of(last)
        found.append((following, last))
    return [(first, last) for first, last in reversed(found) if due(last) <= now]


def due(last: date) -> datetime:
    """At the hospital's hour of the next morning, when the day is complete."""
    hour = time(settings.REPORTS["hour"])
    return datetime.combine(last + timedelta(days=1), hour, tzinfo=timezone.get_current_timezone())


def _still_to_write(kind: str, first: date, due_at: datetime) -> list[ReportSubscription]:
    rows = ReportSubscription.objects.filter(kind=kind, created_at__lt=due_at).select_related("user")
    keys = {_key(row, first): row for row in rows}
    known = Notification.objects.filter(idempotency_key__in=keys)
    written = set(known.values_list("idempotency_key", flat=True))
    return [row for key, row in keys.items() if key not in written and _gets_figures(row.user)]


def _key(row: ReportSubscription, first: date) -> str:
    return f"report/{row.kind}/{first}/{row.user_id}"


def _queue(row: ReportSubscription, first: date, last: date) -> None:
    sections = list(sections_for(row.user, row.kind, first, last))
    is_late = timezone.localdate() > last + timedelta(days=1)
    context = {"kind": row.kind, "first": first, "last": last, "sections": sections, "is_late": is_late}
    key = _key(row, first)
    queue_notification(
        kind=Kind.REPORT, to=row.user.email, patient=None, reader=None, context=context, key=key
    )


def sections_for(user, kind: str, first: date, last: date) -> Iterator[Section]:
    """A title with its lines for each question that the person may ask about everybody."""
    for question, title in _questions_of(user):
        scope = Scope(first=first, last=last, by=user, step=STEPS[Figures(kind)])
        [row] = ask(question=question, scope=scope, by=user).rows
        yield (
            str(title),
            [f"{one.label}: {shown(row[one.name], one.kind)}" for one in question.columns[1:]],
        )


def _questions_of(user) -> list[tuple[Question, str]]:
    return [(QUESTIONS[slug], title) for slug, title in SHOWN if user.has_perm(QUESTIONS[slug].permission)]


def _gets_figures(user) -> bool:
    return bool(user.is_active and user.is_staff and user.email and _questions_of(user))
