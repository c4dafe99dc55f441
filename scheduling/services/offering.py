"""The round that offers free times to those who wait.

It needs no memory: it ends what has run out and compares everybody who waits with what is free now. So it may
be killed at any moment and run twice at once; each offer is a transaction, and the claims let one of two win.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from hms.core.rights import SYSTEM
from scheduling.availability import BookingTerms, Slot, offered_slots
from scheduling.models import Doctor, Offer, WaitingListEntry
from scheduling.services.housekeeping import expire_holds
from scheduling.services.offers import make_offer
from scheduling.services.waiting import end_overtaken_entries
from scheduling.statuses import VisitKind
from scheduling.waiting_order import in_order


def offer_free_times() -> int:
    """Offer what is free to those who wait, in their order; returns how many offers were made."""
    expire_holds()
    end_overtaken_entries()
    entries = in_order(WaitingListEntry.objects.waiting().without_open_offer())
    if not entries:
        return 0
    free, refused = FreeTimes(entries), times_refused(entries)
    return sum(_offer_first(entry, free, refused[entry.pk]) for entry in entries)


def times_refused(entries: list[WaitingListEntry]) -> dict[int, set[tuple[int, datetime]]]:
    """The times that each has been offered before: nobody is offered the same time twice."""
    refused = defaultdict(set)
    offers = Offer.objects.filter(entry__in=entries)
    for entry, doctor, starts_at in offers.values_list("entry", "hold__doctor", "hold__starts_at"):
        refused[entry].add((doctor, starts_at))
    return refused


class FreeTimes:
    """The times that patients can book now, by doctor, as far as somebody waits for them."""

    def __init__(self, entries: list[WaitingListEntry]):
        wanted = {entry.doctor_id for entry in entries}, {entry.department_id for entry in entries}
        doctors = Doctor.objects.bookable().select_related("department").order_by("full_name", "pk")
        self.doctors = {doctor.pk: doctor for doctor in doctors if _is_wanted(doctor, *wanted)}
        self.first = max(timezone.localdate(), min(entry.first_day for entry in entries))
        self.last = min(_horizon(), max(entry.last_day for entry in entries))
        self.slots = {kind: self._read(list(self.doctors.values()), kind) for kind in _kinds_of(entries)}

    def for_entry(self, entry: WaitingListEntry) -> Iterator[tuple[Doctor, Slot]]:
        """Free times that suit, the earliest first."""
        kind = entry.visit_kind or VisitKind.FIRST
        mine = [doctor for doctor in self.doctors.values() if entry.is_of(doctor)]
        found = [(slot.start, doctor, slot) for doctor in mine for slot in self.slots[kind][doctor.pk]]
        for _start, doctor, slot in sorted(found, key=lambda one: one[0]):
            begins = slot.starts_at
            if entry.suits(begins.date(), begins.time(), slot.branch_id, slot.mode):
                yield doctor, slot

    def read_again(self, doctor: Doctor) -> None:
        for kind in self.slots:
            self.slots[kind] |= self._read([doctor], kind)

    def _read(self, doctors: list[Doctor], kind: str) -> dict[int, list[Slot]]:
        if self.first > self.last:
            return {doctor.pk: [] for doctor in doctors}
        terms = BookingTerms.for_patients().of_kind(kind)
        return offered_slots(doctors, self.first, self.last, terms=terms)


def _offer_first(entry: WaitingListEntry, free: FreeTimes, refused: set[tuple[int, datetime]]) -> bool:
    for doctor, slot in free.for_entry(entry):
        if (doctor.pk, slot.starts_at) in refused:
            continue
        with suppress(ValidationError):  # somebody was quicker, or the patient is elsewhere then
            make_offer(entry=entry, doctor=doctor, starts_at=slot.starts_at, by=SYSTEM)
            free.read_again(doctor)
            return True
    return False


def _is_wanted(doctor: Doctor, doctors: set, departments: set) -> bool:
    return doctor.pk in doctors or doctor.department_id in departments


def _kinds_of(entries: list[WaitingListEntry]) -> set[str]:
    return {entry.visit_kind or VisitKind.FIRST for entry in entries}


def _horizon() -> date:
    return timezone.localdate() + timedelta(days=BookingTerms.for_patients().horizon_days)
