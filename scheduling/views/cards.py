"""Doctors as lists show them, with the first free time and a link to book it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from scheduling.availability import Slot, next_free, offered_slots
from scheduling.models import Doctor
from scheduling.moments import compact, day_and_clock


@dataclass(frozen=True)
class DoctorCard:
    doctor: Doctor
    slot: Slot | None

    @property
    def years(self) -> int:
        return self.doctor.years_of_experience(timezone.localdate().year)

    @property
    def next_label(self) -> str:
        return day_and_clock(self.slot.starts_at)

    @property
    def booking_url(self) -> str:
        return booking_url(self.doctor.reference, self.slot.starts_at)


def booking_url(doctor_reference: str, starts_at) -> str:
    page = reverse("scheduling:start-booking", args=[doctor_reference])
    return f"{page}?at={compact(starts_at)}"


def cards_of(doctors: Iterable[Doctor], day: date | None = None) -> list[DoctorCard]:
    """Each doctor with the first free time; with `day`, only doctors who are free on that day."""
    doctors = list(doctors)
    if day is None:
        first = next_free(doctors)
        return [DoctorCard(doctor, first[doctor.pk]) for doctor in doctors]
    slots = offered_slots(doctors, day, day)
    return [DoctorCard(doctor, slots[doctor.pk][0]) for doctor in doctors if slots[doctor.pk]]


def soonest_first(cards: Iterable[DoctorCard]) -> list[DoctorCard]:
    """By first free time, then by name; doctors without a free time come last."""
    return sorted(cards, key=_sort_key)


def _sort_key(card: DoctorCard) -> tuple:
    start = card.slot.start if card.slot else 0
    return card.slot is None, start, card.doctor.full_name, card.doctor.pk
