"""Booking any doctor of a department: the free times of all its doctors in one picker."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from scheduling.fairness import least_busy
from scheduling.models import Department
from scheduling.moments import parse_moment
from scheduling.places import AskedPlace, open_branches
from scheduling.statuses import VisitMode
from scheduling.views.cards import booking_url, cards_of, first_free, soonest_first
from scheduling.views.doctors import picker_context, places_to_choose
from scheduling.views.times import department_picker


@require_safe
def show_department(request, slug):
    department = get_object_or_404(Department, slug=slug, is_active=True)
    asked = AskedPlace.of(request.GET)
    picker = department_picker(department, asked)
    soonest = soonest_first(first_free(picker.doctors, place=asked.place))
    context = {
        "department": department,
        "cards": cards_of(soonest, asked.query),
        "places": places_to_choose(open_branches(), VisitMode, asked),
        **picker_context(picker, request.GET),
    }
    return render(request, "scheduling/show_department.html", context)


@require_safe
def choose_doctor(request, slug):
    """Redirect to the doctor who is free at the chosen time and has the least booked time that day."""
    department = get_object_or_404(Department, slug=slug, is_active=True)
    starts_at = parse_moment(request.GET.get("at", ""))
    place = {name: request.GET.get(name, "") for name in ("branch", "mode")}
    doctor = least_busy(department, starts_at, **place) if starts_at else None
    if doctor is None:
        messages.warning(request, _("No doctor is free at that time any more. Please choose another."))
        page = reverse("scheduling:show-department", args=[slug])
        return redirect(f"{page}?{AskedPlace.of(request.GET).query}".rstrip("?"))
    return redirect(booking_url(doctor.reference, starts_at))
