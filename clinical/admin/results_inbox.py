"""The doctors' inbox: released results wait here, the critical ones first, until they are acknowledged."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import visible_or_404
from clinical.lab_reports import reports_of
from clinical.models import LabOrder, LabResult
from clinical.models.lab_result import overdue_since
from clinical.services import acknowledge_results, waiting_below

MOST_SHOWN = 300


def require_doctor(request) -> None:
    if not request.user.has_perm("clinical.acknowledge_labresult"):
        raise PermissionDenied


def waiting_for(user) -> QuerySet:
    return LabResult.objects.visible_to(user).latest().for_inbox_of(user, overdue_since())


def show_inbox(admin_site, request):
    require_doctor(request)
    rows = list(waiting_for(request.user).for_list().with_corrections().critical_first()[:MOST_SHOWN])
    orders = LabOrder.objects.visible_to(request.user)
    reports = reports_of(LabResult.objects.visible_to(request.user), rows, orders)
    page = admin_site.each_context(request) | {
        "title": _("Results"),
        "reports": reports,
        "critical": sum(report.is_critical for report in reports),
        "overdue": sum(report.is_overdue for report in reports),
        "is_cut": len(rows) == MOST_SHOWN,
        "waiting_below": waiting_below(by=request.user),
    }
    return TemplateResponse(request, "clinical/admin/results_inbox.html", page)


def show_result(admin_site, request, reference: str):
    """The report with trends; POST acknowledges the results that the page showed."""
    require_doctor(request)
    visible = LabResult.objects.visible_to(request.user).given()
    result = visible_or_404(request, visible.select_related("order"), reference)
    of_sample = visible.filter(order__label=result.order.label, patient=result.patient_id)
    if request.method == "POST":
        acknowledge(request, of_sample.filter(reference__in=request.POST.getlist("result")))
        return HttpResponseRedirect(reverse("admin:results"))
    rows = of_sample.latest().for_report().with_corrections().critical_first()
    orders = LabOrder.objects.visible_to(request.user)
    (report,) = reports_of(visible, rows, orders, units=request.GET.get("units", ""))
    page = admin_site.each_context(request) | {"title": report.title, "report": report}
    return TemplateResponse(request, "clinical/admin/result.html", page)


def acknowledge(request, results: QuerySet) -> None:
    note, shown = request.POST.get("note", ""), list(results.for_list())
    if not shown:
        return
    try:
        acknowledge_results(results=shown, note=note, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return
    whose = {"whose": shown[0].patient.full_name}
    messages.success(request, _("Acknowledged: %(whose)s can now see the results.") % whose)
