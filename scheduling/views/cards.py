"""Doctors as lists show them, with the first free time and a link to book it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import IntegerField
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from hms.core.prepared import PreparedQuery
from scheduling.availability import BookingTerms, DoctorTerms, Place, Slot, next_free, offered_slots
from scheduling.models import Doctor
from scheduling.moments import compact, day_and_clock

COLUMNS = (
    *("pk", "reference", "full_name", "photo", "specialization__name", "degree", "practising_since"),
    *("rating", "rating_count", "department__name", "biography", "fee"),
)
SHOWN = PreparedQuery(
    lambda parameter: Doctor.objects.filter(
        pk__in=parameter("doctors", IntegerField(), many=True)
    ).values_list(*COLUMNS)
)
SPOKEN = PreparedQuery(
    lambda parameter: (
        Doctor.languages.through.objects.filter(
            doctor__id__in=parameter("doctors", IntegerField(), many=True)
        )
        .order_by("language__name")
        .values_list("doctor_id", "language__name")
    )
)


@dataclass(frozen=True)
class FirstFree:
    """A doctor and the first time that is free, if any."""

    doctor: Doctor | DoctorTerms
    slot: Slot | None


@dataclass(frozen=True)
class DoctorCard:
    """All that a card shows, and so all that a card which was rendered before is found by."""

    pk: int
    reference: str
    full_name: str
    photo: str
    specialization: str
    degree: str
    practising_since: int
    rating: Decimal | None
    rating_count: int
    department: str
    biography: str
    fee: Decimal
    languages: tuple[str, ...]
    starts_at: datetime | None
    today: date
    language: str | None
    place: str  # what to add to the address of the profile, for the times at a place

    @property
    def years(self) -> int:
        return max(0, self.today.year - self.practising_since)

    @property
    def photo_url(self) -> str:
        return Doctor.photo.field.storage.url(self.photo) if self.photo else ""

    @property
    def next_label(self) -> str:
        return day_and_clock(self.starts_at)

    @property
    def booking_url(self) -> str:
        return booking_url(self.reference, self.starts_at)


def booking_url(doctor_reference: str, starts_at, kind: str = "") -> str:
    page = reverse("scheduling:start-booking", args=[doctor_reference])
    return f"{page}?at={compact(starts_at)}" + (f"&kind={kind}" if kind else "")


def first_free(
    doctors: Iterable[Doctor | DoctorTerms], day: date | None = None, *, place: Place | None = None
) -> list[FirstFree]:
    """Each doctor with the first free time, or (given a day) those alone who have one that day."""
    doctors, terms = list(doctors), BookingTerms.for_patients().at(place)
    if day is None:
        first = next_free(doctors, terms=terms)
        return [FirstFree(doctor, first[doctor.pk]) for doctor in doctors]
    slots = offered_slots(doctors, day, day, terms=terms)
    return [FirstFree(doctor, slots[doctor.pk][0]) for doctor in doctors if slots[doctor.pk]]


def soonest_first(found: Iterable[FirstFree]) -> list[FirstFree]:
    """By the first free time, then by name; those without one come last."""
    return sorted(found, key=_soonness)


def _soonness(found: FirstFree) -> tuple:
    start = found.slot.start if found.slot else 0
    return found.slot is None, start, found.doctor.full_name, found.doctor.pk


def cards_of(found: Iterable[FirstFree], place: str = "") -> list[DoctorCard]:
    """What is shown of these doctors, in their order, with links to the times at a place; two queries."""
    found = list(found)
    keys = [each.doctor.pk for each in found]
    doctors = {row[0]: row for row in SHOWN.rows(doctors=keys)}
    spoken = defaultdict(list)
    for doctor, language in SPOKEN.rows(doctors=keys):
        spoken[doctor].append(language)
    same = (timezone.localdate(), get_language(), f"?{place}" if place else "")
    return [
        DoctorCard(
            *doctors[each.doctor.pk],
            tuple(spoken[each.doctor.pk]),
            each.slot.starts_at if each.slot else None,
            *same,
        )
        for each in found
        if each.doctor.pk in doctors
    ]
