from collections.abc import Iterable

from django.core.paginator import Page, Paginator
from django.db.models import CharField, DateField, IntegerField, Model
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hms.core.money import rupees
from hms.core.prepared import PreparedQuery
from scheduling.availability import bookable_doctors, terms_of
from scheduling.forms.search import DoctorSearchForm
from scheduling.models import Branch, Doctor, WeeklySchedule
from scheduling.places import AskedPlace
from scheduling.statuses import VisitMode
from scheduling.views.cards import SPOKEN, cards_of, first_free, soonest_first
from scheduling.views.picker import Picker, chosen_day, horizon
from scheduling.views.times import kind_in, kinds_of, picker_of

DOCTORS_A_PAGE = 12
DOCTOR = PreparedQuery(
    lambda parameter: Doctor.objects.filter(
        is_active=True, reference=parameter("reference", CharField())
    ).select_related("department", "specialization")
)
SHIFTS = PreparedQuery(
    lambda parameter: (
        WeeklySchedule.objects.valid_between(parameter("first", DateField()), parameter("last", DateField()))
        .filter(doctor__id=parameter("doctor", IntegerField()), branch__is_active=True)
        .select_related("branch")
        .order_by("branch__name", "pk")
    )
)


@require_safe
def list_doctors(request):
    form = DoctorSearchForm(request.GET)
    form.is_valid()
    page = _page_of_cards(form)
    page.object_list = cards_of(page.object_list, form.asked.query)
    only_results = request.htmx and not request.htmx.history_restore_request
    context = {
        "form": form,
        "page": page,
        "filters": _chosen(form, request.GET),
        "search": form.search,
        "more_open": any(form[name].errors for name in form.MORE),
        "more_count": sum(bool(form.cleaned_data.get(name)) for name in form.MORE),
        "only_results": only_results,
    }
    name = "scheduling/_doctor_results.html" if only_results else "scheduling/list_doctors.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def _page_of_cards(form: DoctorSearchForm) -> Page:
    """Free times are computed for one page if the database can sort the list, otherwise for all doctors."""
    number, day = form.cleaned_data.get("page") or 1, form.cleaned_data.get("day")
    place = form.asked.place
    if form.sort_by == "next":
        doctors = terms_of(form.doctors()) if form.narrows else bookable_doctors()
        found = soonest_first(first_free(doctors, day, place=place))
        return Paginator(found, DOCTORS_A_PAGE).get_page(number)
    if day:
        found = first_free(terms_of(form.doctors()), day, place=place)
        return Paginator(found, DOCTORS_A_PAGE).get_page(number)
    page = Paginator(form.doctors(), DOCTORS_A_PAGE).get_page(number)
    page.object_list = first_free(terms_of(page.object_list), place=place)
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
            return _("Speaks %(language)s") % {"language": dict(form.fields[name].choices)[value]}
        case "fee":
            return _("Fee up to %(fee)s") % {"fee": rupees(value)}
        case "gender":
            return _("Woman") if value == "female" else _("Man")
        case "q":
            return f"“{value}”"
    return str(dict(form.fields[name].choices)[value])  # one of a list


@require_safe
def show_doctor(request, reference):
    """A doctor's profile with the free times of one day: the day asked for, or the first that has any."""
    doctor = DOCTOR.first(reference=reference)
    if doctor is None:
        raise Http404
    asked, shifts = AskedPlace.of(request.GET), shifts_of(doctor)
    branches = list(dict.fromkeys(shift.branch for shift in shifts))
    about = {
        "languages": [name for _doctor, name in SPOKEN.rows(doctors=[doctor.pk])],
        "years": doctor.years_of_experience(timezone.localdate().year),
        "branches": branches,
    }
    kind = kind_in(request.GET, doctor)
    rows = (doctor, doctor.department, doctor.specialization, *branches)
    context = {
        "doctor": doctor,
        **about,
        # All that the page shows of the doctor, by which what was rendered before is found.
        "profile": repr((*map(stored, rows), about["languages"], about["years"])),
        "kinds": kinds_of(doctor, f"?{asked.query}&" if asked.query else "?", kind),
        "places": places_to_choose(branches, {shift.mode for shift in shifts}, asked),
        "kept_kind": f"kind={kind}&" if kind else "",
        **picker_context(picker_of(doctor, asked, kind), request.GET),
    }
    return render(request, "scheduling/show_doctor.html", context)


def stored(row: Model) -> tuple:
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields)


def shifts_of(doctor: Doctor) -> list[WeeklySchedule]:
    """Where and how the doctor sees patients, on the days that can be booked."""
    first, last = horizon()
    return SHIFTS.objects(doctor=doctor.pk, first=first, last=last)


def places_to_choose(branches: Iterable[Branch], modes: Iterable[str], asked: AskedPlace) -> list[dict]:
    """Links to the times at each branch and by video call; none where there is only one place."""
    found = [AskedPlace(branch) for branch in branches] if VisitMode.IN_PERSON in modes else []
    if VisitMode.VIDEO in modes:
        found.append(AskedPlace(mode=VisitMode.VIDEO))
    if asked.query and asked.query not in [each.query for each in found]:
        found.append(AskedPlace(asked.branch, asked.mode))
    if len(found) < 2 and not asked.query:
        return []
    return [
        {"label": each.label, "query": each.query, "is_chosen": each.query == asked.query}
        for each in (AskedPlace(), *found)
    ]


def picker_context(picker: Picker, query) -> dict:
    """What `_picker.html` shows: the requested day, or the first free one (of the requested week)."""
    day, problem = chosen_day(query.get("day", ""))
    week, _problem = chosen_day(query.get("week", ""))
    slots = picker.slots_around(day or week or timezone.localdate())
    if not (day or week or any(slots.values())):
        slots = picker.slots_around(picker.first_free_day())
    day = day or next((each for each, free in slots.items() if free), next(iter(slots)))
    return {
        "week": picker.week({each: len(free) for each, free in slots.items()}, day),
        "times": picker.times_on(day, slots[day]),
        "day_problem": " ".join(filter(None, [problem, picker.asked.problem])),
    }
