"""The first page of the reports: figures of today and the charts that a role looks at every day.

It refreshes itself every few minutes where there is JavaScript, until it is paused by a link.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.capture.requests import refreshes
from hms.reports.admin.shown import ShownAnswer
from hms.reports.models import Report
from hms.reports.periods import Step
from hms.reports.question import QUESTIONS, Question
from hms.reports.scope import Scope
from hms.reports.services import ask, doctors_open_to, log_reports, questions_for
from hms.reports.tiles import tiles_for

REFRESH_SECONDS = 300
DAYS_BACK = 13


@dataclass(frozen=True)
class Dashboard:
    """Open to those with the permission; the one without is for doctors and heads of departments."""

    slug: str
    title: str
    slugs: tuple[str, ...]
    permission: str = ""


DASHBOARDS = (
    Dashboard(
        "hospital",
        gettext_lazy("Hospital"),
        ("bookings", "patients-per-department", "revenue", "peak-hours", "utilization", "no-shows"),
        "reports.view_performance",
    ),
    Dashboard(
        "money",
        gettext_lazy("Finance"),
        ("revenue", "revenue-per-method", "revenue-per-department", "gst"),
        "reports.view_money",
    ),
    Dashboard(
        "front-desk",
        gettext_lazy("Front desk"),
        ("bookings", "peak-hours", "patients-per-doctor", "no-shows"),
        "reports.view_visits",
    ),
    Dashboard(
        "laboratory",
        gettext_lazy("Laboratory"),
        ("laboratory-turnaround", "tests"),
        "reports.view_laboratory",
    ),
    Dashboard(
        "own",
        gettext_lazy("My patients"),
        ("patients", "bookings", "doctors", "waiting", "no-shows"),
    ),
)


def show_dashboards(site, request):
    user = request.user
    mine = questions_for(user)
    open_to = [
        one for one in DASHBOARDS if (user.has_perm(one.permission) if one.permission else _own(user, mine))
    ]
    if not mine or not open_to:
        raise PermissionDenied
    asked = request.GET.get("show")
    shown = next((one for one in open_to if one.slug == asked), open_to[0])
    chosen = [QUESTIONS[slug] for slug in shown.slugs if QUESTIONS.get(slug) in mine]
    is_refresh = "HX-Request" in request.headers
    if is_refresh:
        refreshes(request)
    else:
        log_reports(questions=chosen, asked=request.GET.dict(), details={"dashboard": shown.slug}, by=user)
    page = site.each_context(request) | {
        "title": _("Reports"),
        "opts": Report._meta,
        "dashboards": open_to,
        "shown": shown,
        "tiles": tiles_for(user),
        "answers": [answered(one, user) for one in chosen],
        "questions": mine,
        "now": timezone.now(),
        "refresh_seconds": REFRESH_SECONDS,
        "is_paused": request.GET.get("refresh") == "off",
    }
    return TemplateResponse(request, "reports/admin/dashboard.html", page)


def _own(user, mine: list[Question]) -> bool:
    """Whether the person may ask only about one's own doctors."""
    return any(not user.has_perm(one.permission) for one in mine)


def answered(question: Question, user) -> ShownAnswer:
    today = timezone.localdate()
    scope = Scope(
        first=today - timedelta(days=DAYS_BACK),
        last=today,
        by=user,
        doctors=doctors_open_to(question=question, by=user),
        step=Step.DAY,
    )
    return ShownAnswer(ask(question=question, scope=scope, by=user))
