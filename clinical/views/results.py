"""The patient's pages of test results: only those that a doctor has acknowledged, in plain words."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import visible_or_404
from accounts.models import Guardianship
from clinical.lab_papers import paper_of, pdf_of
from clinical.lab_reports import Report, reports_of
from clinical.models import LabResult
from hms.core.pdf import send_pdf
from scheduling.own import people_with_records

RESULTS_A_PAGE = 60


def results_of(user, people: list[Guardianship]):
    patients = [guardianship.patient_id for guardianship in people]
    return LabResult.objects.visible_to(user).filter(patient__in=patients).for_patients()


@login_required
@require_safe
def list_results(request):
    people, person = people_with_records(request)
    found = results_of(request.user, [person] if person else people)
    rows = found.for_report().order_by("-order__collected_at", "order__test__position", "pk")
    page = Paginator(rows, RESULTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "reports": reports_of(found.none(), page.object_list),
        "people": people,
        "person": person.patient if person else None,
    }
    return render(request, "clinical/list_results.html", context)


@login_required
@require_safe
def show_result(request, reference: str):
    """The results of the sample to which the result belongs."""
    report = _report(request, reference, units=request.GET.get("units", ""))
    return render(request, "clinical/show_result.html", {"report": report})


@login_required
@require_safe
def print_result(request, reference: str):
    """The same in the hospital's letterhead."""
    context = paper_of(request, _report(request, reference)) | {
        "back": reverse("clinical:show-result", args=[reference]),
        "pdf": reverse("clinical:download-result", args=[reference]),
    }
    return render(request, "clinical/show_paper.html", context)


@login_required
@require_safe
def download_result(request, reference: str):
    report = _report(request, reference)
    name = f"laboratory-{report.first.order.label}"
    otherwise = reverse("clinical:print-result", args=[reference])
    return send_pdf(request, lambda: pdf_of(request, report), name=name, otherwise=otherwise)


def _report(request, reference: str, units: str = "") -> Report:
    people, _person = people_with_records(request)
    visible = results_of(request.user, people)
    result = visible_or_404(request, visible.select_related("order"), reference)
    rows = visible.filter(order__label=result.order.label, patient=result.patient_id)
    rows = rows.for_report().order_by("order__test__position", "pk")
    (report,) = reports_of(visible, rows, units=units)
    return report
