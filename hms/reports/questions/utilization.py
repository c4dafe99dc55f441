from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from hms.core.days import midnight
from hms.reports import listed
from hms.reports.periods import Seconds
from hms.reports.question import PLACES, Chart, Column, Kind, Row, question, share
from hms.reports.scope import Scope
from scheduling.availability import BookingTerms, Place
from scheduling.availability.facts import gather_hours
from scheduling.availability.grid import slots_on
from scheduling.availability.questions import window_of
from scheduling.models import Doctor
from scheduling.querysets import AppointmentQuerySet
from scheduling.statuses import AppointmentStatus as Status
from scheduling.statuses import VisitKind

MOST_DAYS = 92


def kept(scope: Scope) -> AppointmentQuerySet:
    return scope.bookings().exclude(status=Status.CANCELLED)


BOOKED = listed.bookings(key="doctor", rows=kept)


@question(
    "utilization",
    title=_("Utilization"),
    definition=_(
        "Booked minutes among offered ones. Offered: all times of the weekly shifts and extra sessions as "
        "they stand now, without leave and holidays, times the patients of a slot. Booked: bookings that "
        "were not cancelled, also no-shows."
    ),
    permission="reports.view_performance",
    columns=(
        Column("doctor", _("Doctor"), Kind.TEXT),
        Column("department", _("Department"), Kind.TEXT),
        Column("offered", _("Offered minutes")),
        Column("booked", _("Booked minutes"), behind=BOOKED),
        Column("share", _("Booked"), Kind.SHARE, is_drawn=True, behind=BOOKED),
    ),
    filters=PLACES,
    chart=Chart.BARS,
    most_days=MOST_DAYS,
)
def utilization(scope: Scope) -> list[Row]:
    doctors = scope.listed_doctors()
    offered = offered_minutes(doctors, scope.first, scope.last, scope.branches)
    lasts = Seconds(F("ends_at")) - Seconds(F("starts_at"))
    rows = kept(scope).values_list("doctor")
    booked = {doctor: seconds // 60 for doctor, seconds in rows.annotate(seconds=Sum(lasts))}
    return [
        {
            "key": one.pk,
            "doctor": one.full_name,
            "department": one.department.name,
            "offered": offered[one.pk],
            "booked": booked.get(one.pk, 0),
            "share": share(booked.get(one.pk, 0), offered[one.pk]),
        }
        for one in doctors
        if one.is_active or one.pk in booked
    ]


def offered_minutes(
    doctors: Iterable[Doctor], first: date, last: date, branches: frozenset[int] | None
) -> dict[int, int]:
    """By the function that offers times to patients, as it answered before the first day; three queries."""
    before = midnight(first) - timedelta(days=1)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    terms = BookingTerms(None, len(days) + 1, VisitKind.FOLLOW_UP, Place(branches) if branches else None)
    facts = gather_hours(doctors, first, last)
    found = {}
    for doctor in doctors:
        window = window_of(doctor, before, terms)
        slots = (slot for day in days for slot in slots_on(day, facts[doctor.pk], window))
        found[doctor.pk] = sum(slot.minutes * slot.capacity for slot in slots if slot.reason is None)
    return found
