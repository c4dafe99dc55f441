from django.core.paginator import Page, Paginator
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hms.core.money import rupees
from scheduling.forms.search import DoctorSearchForm
from scheduling.models import Branch, Doctor, WeeklySchedule
from scheduling.views.cards import cards_of, soonest_first
from scheduling.views.picker import Picker, chosen_day, horizon
from scheduling.views.times import picker_of

DOCTORS_A_PAGE = 12


@require_safe
def list_doctors(request):
    form = DoctorSearchForm(request.GET)
    form.is_valid()
    page = _page_of_cards(form)
    prefetch_related_objects([card.doctor for card in page.object_list], "languages")
    only_results = request.htmx and not request.htmx.history_restore_request
    context = {
        "form": form,
        "page": page,
        "filters": _chosen(form, request.GET),
        "more_open": any(form[name].errors for name in form.MORE),
        "more_count": sum(bool(form.cleaned_data.get(name)) for name in form.MORE),
        "only_results": only_results,
    }
    name = "scheduling/_doctor_results.html" if only_results else "scheduling/list_doctors.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _page_of_cards(form: DoctorSearchForm) -> Page:
    """Free times are computed for one page if the database can sort the list, otherwise for all doctors."""
    number, day = form.cleaned_data.get("page") or 1, form.cleaned_data.get("day")
    if form.sort_by == "next":
        return Paginator(soonest_first(cards_of(form.doctors(), day)), DOCTORS_A_PAGE).get_page(number)
    if day:
        return Paginator(cards_of(form.doctors(), day), DOCTORS_A_PAGE).get_page(number)
    page = Paginator(form.doctors(), DOCTORS_A_PAGE).get_page(number)
    page.object_list = cards_of(page.object_list)
    return page


def _chosen(form: DoctorSearchForm, query) -> list[dict]:
    """The active filters, each with the address of the list without it."""
    chosen = []
    for name in (*form.FIRST, *form.MORE):
        if name == "sort" or form.cleaned_data.get(name) in (None, ""):
            continue
        rest = query.copy()
        rest.pop(name)
        rest.pop("page", None)
        chosen.append({"label": _in_words(form, name), "query": rest.urlencode()})
    return chosen


def _in_words(form: DoctorSearchForm, name: str) -> str:
    value = form.cleaned_data[name]
    match name:
        case "day":
            return _("Free on %(day)s") % {"day": date_format(value, "D j M")}
        case "language":
            return _("Speaks %(language)s") % {"language": value}
        case "fee":
            return _("Fee up to %(fee)s") % {"fee": rupees(value)}
        case "gender":
            return _("Woman") if value == "female" else _("Man")
        case "q":
            return f"“{value}”"
    return str(value)


@require_safe
def show_doctor(request, reference):
    """A doctor's profile with the free times of the requested day, or of the first day that has any."""
    doctors = Doctor.objects.filter(is_active=True).for_list()
    doctor = get_object_or_404(doctors, reference=reference)
    context = {
        "doctor": doctor,
        "years": doctor.years_of_experience(timezone.localdate().year),
        "branches": branches_of(doctor),
        **picker_context(picker_of(doctor), request.GET),
    }
    return render(request, "scheduling/show_doctor.html", context)


def branches_of(doctor: Doctor) -> list[Branch]:
    valid = WeeklySchedule.objects.valid_between(*horizon()).filter(doctor=doctor)
    return list(Branch.objects.filter(is_active=True, pk__in=valid.values("branch")))


def picker_context(picker: Picker, query) -> dict:
    """What `_picker.html` shows: the requested day, or the first free one (of the requested week)."""
    day, problem = chosen_day(query.get("day", ""))
    week, _problem = chosen_day(query.get("week", ""))
    counts = picker.counts_around(day or week or picker.first_free_day())
    day = day or next((each for each, free in counts.items() if free), next(iter(counts)))
    return {
        "week": picker.week(counts, day),
        "times": picker.times_on(day),
        "day_problem": problem,
    }
