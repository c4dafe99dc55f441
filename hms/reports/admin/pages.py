"""The pages of reports; `hms.site` adds them to the addresses of the staff site."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from audit.models import Action
from hms.core.refusals import NotAllowed
from hms.reports.admin.dashboards import show_dashboards
from hms.reports.admin.shown import ShownAnswer
from hms.reports.admin.subscriptions import show_subscriptions
from hms.reports.files import FORMATS, written
from hms.reports.forms import ScopeForm
from hms.reports.models import Report
from hms.reports.question import QUESTIONS, Question
from hms.reports.services import ask, doctors_open_to, log_reports


def show_report(site, request, slug):
    """The figures for what the address asks; a wrong address shows the filters and what is wrong."""
    question, form = asked_in(request, slug)
    answer = None
    if form.is_valid():
        answer = ask(question=question, scope=form.scope(request.user), by=request.user)
        log_reports(questions=[question], asked=request.GET.dict(), action=Action.READ, by=request.user)
    page = site.each_context(request) | {
        "title": question.title,
        "opts": Report._meta,
        "question": question,
        "form": form,
        "answer": answer and ShownAnswer(answer),
        "query": request.GET.urlencode(),
        "suffixes": list(FORMATS),
    }
    return TemplateResponse(request, "reports/admin/show_report.html", page)


def export_report(_site, request, slug, suffix):
    question, form = asked_in(request, slug)
    if suffix not in FORMATS or not form.is_valid():
        raise Http404
    answer = ask(question=question, scope=form.scope(request.user), by=request.user)
    data, content_type = written(answer, suffix)
    log_reports(
        questions=[question],
        asked=request.GET.dict(),
        action=Action.EXPORT,
        details={"rows": len(answer.rows), "format": suffix},
        by=request.user,
    )
    name = f"{question.slug}-{answer.scope.first}-{answer.scope.last}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type=content_type, headers=headers)


def asked_in(request, slug: str) -> tuple[Question, ScopeForm]:
    question = QUESTIONS.get(slug)
    if question is None:
        raise Http404
    try:
        doctors = doctors_open_to(question=question, by=request.user)
    except NotAllowed as error:
        raise PermissionDenied(_("You may not see this report.")) from error
    return question, ScopeForm(request.GET, question=question, doctors=doctors)


PAGES = (
    ("reports/", show_dashboards, "reports"),
    ("reports/reportsubscription/", show_subscriptions, "scheduled-reports"),
    ("reports/<slug:slug>/", show_report, "report"),
    ("reports/<slug:slug>.<slug:suffix>", export_report, "report_export"),
)
