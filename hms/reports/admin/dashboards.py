"""The first page of the reports: figures of today and the charts that a role looks at every day.

It refreshes itself every few minutes where there is JavaScript, until it is paused by a link.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.capture.requests import SAME_ACCESS_S, refreshes
from hms.reports.admin.shown import ShownAnswer
from hms.reports.models import Report
from hms.reports.question import QUESTIONS, Question
from hms.reports.scope import Scope
from hms.reports.services import ask, doctors_open_to, log_reports, own_doctors, questions_for
from hms.reports.tiles import tiles_for

REFRESH_SECONDS = 300
DAYS_BACK = 13


@dataclass(frozen=True)
class Dashboard:
    """Open to those with the permission, or to those who may ask only about so many doctors of their own."""

    slug: str
    title: str
    slugs: tuple[str, ...]
    permission: str = ""
    least_doctors: int = 0


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
        "department",
        gettext_lazy("My department"),
        ("departments", "doctors", "bookings", "utilization", "waiting", "no-shows"),
        least_doctors=2,
    ),
    Dashboard(
        "own",
        gettext_lazy("My patients"),
        ("patients", "bookings", "doctors", "utilization", "waiting", "no-shows"),
        least_doctors=1,
    ),
)
# For those who may open some reports, but none of which a dashboard has charts.
REGISTERS = Dashboard("registers", gettext_lazy("Registers"), ())


def show_dashboards(site, request):
    user = request.user
    mine, own = questions_for(user), own_doctors(user)
    open_to = [one for one in DASHBOARDS if is_open(one, user, own)]
    if not mine:
        raise PermissionDenied
    open_to = open_to or [REGISTERS]
    asked = request.GET.get("show")
    shown = next((one for one in open_to if one.slug == asked), open_to[0])
    chosen = [QUESTIONS[slug] for slug in shown.slugs if QUESTIONS[slug] in mine]
    if is_first_access(request, shown):
        log_reports(questions=chosen, asked=request.GET.dict(), details={"dashboard": shown.slug}, by=user)
    narrowed = frozenset([user.doctor.pk]) if shown.slug == "own" and hasattr(user, "doctor") else None
    page = site.each_context(request) | {
        "title": _("Reports"),
        "opts": Report._meta,
        "dashboards": open_to,
        "shown": shown,
        "tiles": tiles_for(user),
        "answers": [answered(one, user, narrowed) for one in chosen],
        "questions": mine,
        "now": timezone.now(),
        "refresh_seconds": REFRESH_SECONDS,
        "is_paused": request.GET.get("refresh") == "off",
    }
    return TemplateResponse(request, "reports/admin/dashboard.html", page)


def is_open(dashboard: Dashboard, user, own: frozenset[int]) -> bool:
    if dashboard.permission:
        return user.has_perm(dashboard.permission)
    return len(own) >= dashboard.least_doctors and not user.has_perm("reports.view_performance")


def is_first_access(request, dashboard: Dashboard) -> bool:
    """Not for a page that refreshes itself, which is logged again only after a while."""
    if "HX-Request" not in request.headers:
        return True
    refreshes(request)
    return cache.add(f"reports-{request.session.session_key}-{dashboard.slug}", True, SAME_ACCESS_S)


def answered(question: Question, user, narrowed: frozenset[int] | None) -> ShownAnswer:
    """The last two weeks, about all doctors whom the person may ask about unless it is narrowed."""
    today = timezone.localdate()
    doctors = doctors_open_to(question=question, by=user)
    first = today - timedelta(days=DAYS_BACK)
    asked = {"doctor": user.doctor.reference} if narrowed else {}
    scope = Scope(first=first, last=today, by=user, doctors=narrowed or doctors, asked=asked)
    return ShownAnswer(ask(question=question, scope=scope, by=user))
