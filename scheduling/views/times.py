"""One day's free times as page fragments: public, identical for everybody, and requested most often.

They use neither session nor login, and their template receives plain strings.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from scheduling.availability import DoctorTerms, doctor_terms
from scheduling.forms.booking import HAS_BEEN_SEEN
from scheduling.models import Department, Doctor
from scheduling.places import AskedPlace
from scheduling.statuses import VisitKind
from scheduling.views.picker import Picker, chosen_day


@require_safe
def show_times(request, reference):
    doctor = doctor_terms(reference=reference)
    if doctor is None or not doctor.is_active:
        raise Http404
    return _fragment(request, picker_of(doctor, AskedPlace.of(request.GET), kind_in(request.GET, doctor)))


@require_safe
def show_department_times(request, slug):
    department = get_object_or_404(Department, slug=slug, is_active=True)
    return _fragment(request, department_picker(department, AskedPlace.of(request.GET)))


def kind_in(query, doctor: Doctor | DoctorTerms) -> str:
    """The kind of visit in the address, where it decides how long the visit is."""
    kind = query.get("kind", "")
    return kind if doctor.asks_kind and kind in VisitKind.values else ""


def picker_of(doctor: Doctor | DoctorTerms, asked: AskedPlace, kind: str = "") -> Picker:
    return Picker(
        doctors=[doctor],
        book=reverse("scheduling:start-booking", args=[doctor.reference])
        + (f"?kind={kind}&at=" if kind else "?at="),
        page=reverse_lazy("scheduling:show-doctor", args=[doctor.reference]),
        times=reverse_lazy("scheduling:show-times", args=[doctor.reference]),
        asked=asked,
        kind=kind,
    )


def kinds_of(doctor: Doctor, page: str, chosen: str) -> list[dict]:
    """The answers to whether one has seen the doctor before, as links; none where it makes no difference."""
    if not doctor.asks_kind:
        return []
    chosen = chosen or VisitKind.FIRST
    return [
        {"label": label, "page": f"{page}kind={kind}", "is_chosen": kind == chosen}
        for kind, label in HAS_BEEN_SEEN
    ]


def department_picker(department: Department, asked: AskedPlace) -> Picker:
    doctors = Doctor.objects.bookable().filter(department=department)
    return Picker(
        doctors=list(doctors.select_related("department")),
        book=reverse("scheduling:choose-doctor", args=[department.slug]) + "?at=",
        page=reverse_lazy("scheduling:show-department", args=[department.slug]),
        times=reverse_lazy("scheduling:show-department-times", args=[department.slug]),
        any_doctor=True,
        asked=asked,
    )


def _fragment(request, picker: Picker) -> HttpResponse:
    day, problem = chosen_day(request.GET.get("day", ""))
    problem = problem or picker.asked.problem
    if problem:
        return HttpResponse(problem, status=400, content_type="text/plain; charset=utf-8")
    return HttpResponse(picker.times_on(day or picker.first_free_day(), focus=True))
