"""The branches of the hospital: where they are, when their doctors consult, and who is there."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby

from django.db.models import Max, Min
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from scheduling.availability import DoctorTerms, terms_of
from scheduling.models import Branch, Department, Doctor, WeeklySchedule
from scheduling.models.schedule import Weekday
from scheduling.places import AskedPlace, open_branch, open_branches
from scheduling.statuses import VisitMode
from scheduling.views.cards import cards_of, first_free, soonest_first
from scheduling.views.icons import icon_of
from scheduling.views.picker import horizon

MOST_DOCTORS = 12


@require_safe
def list_branches(request):
    return render(request, "scheduling/list_branches.html", {"branches": open_branches()})


@require_safe
def show_branch(request, code):
    branch = open_branch(code)
    if branch is None:
        raise Http404
    asked = AskedPlace(branch)
    doctors = doctors_at(branch)
    soonest = soonest_first(first_free(doctors, place=asked.place))
    context = {
        "branch": branch,
        "hours": consulting_hours(branch, timezone.localdate()),
        "departments": departments_of(doctors),
        "doctor_count": len(doctors),
        "cards": cards_of(soonest[:MOST_DOCTORS], asked.query),
        "query": asked.query,
    }
    return render(request, "scheduling/show_branch.html", context)


def doctors_at(branch: Branch) -> list[DoctorTerms]:
    """Who sees patients in person there and can be booked."""
    there = {"branches": [branch.pk], "mode": VisitMode.IN_PERSON}
    return terms_of(Doctor.objects.bookable().consulting_at(*horizon(), **there))


def departments_of(doctors: list[DoctorTerms]) -> list[tuple[Department, str, int]]:
    """Their departments, each with its icon and the number of these doctors."""
    counts = Counter(doctor.department_id for doctor in doctors)
    return [(row, icon_of(row.slug), counts[row.pk]) for row in Department.objects.filter(pk__in=counts)]


@dataclass(frozen=True)
class Hours:
    """From when to when a doctor consults on the weekdays from `first` to `last`."""

    first: Weekday
    last: Weekday
    starts_at: time
    ends_at: time

    @property
    def days(self) -> str:
        if self.first == self.last:
            return str(self.first.label)
        return _("%(first)s to %(last)s") % {"first": self.first.label, "last": self.last.label}

    @property
    def hours(self) -> str:
        times = {"from": date_format(self.starts_at, "g:i A"), "until": date_format(self.ends_at, "g:i A")}
        return _("%(from)s to %(until)s") % times


def consulting_hours(branch: Branch, day: date) -> list[Hours]:
    """When at least one doctor consults in person: of each weekday the first and the last time."""
    shifts = WeeklySchedule.objects.valid_between(day, day).filter(
        branch=branch, mode=VisitMode.IN_PERSON, doctor__in=Doctor.objects.bookable(day)
    )
    found = shifts.order_by("weekday").values_list("weekday").annotate(Min("starts_at"), Max("ends_at"))
    return in_stretches(list(found))


def in_stretches(days: list[tuple[int, time, time]]) -> list[Hours]:
    """Weekdays that follow one another and have the same hours become one line."""
    numbered = enumerate(days)
    stretches = groupby(numbered, key=lambda one: (one[1][0] - one[0], *one[1][1:]))
    lines = []
    for (_gap, starts_at, ends_at), group in stretches:
        weekdays = [Weekday(weekday) for _number, (weekday, *_times) in group]
        lines.append(Hours(weekdays[0], weekdays[-1], starts_at, ends_at))
    return lines
