"""Free times close to one that is not available."""

from datetime import datetime, timedelta

from django.utils import timezone

from scheduling.availability import BookingTerms, Slot, next_free, offered_slots
from scheduling.models import Doctor
from scheduling.moments import compact, day_and_clock
from scheduling.statuses import name_of_place
from scheduling.views.cards import booking_url
from scheduling.views.picker import horizon

ALTERNATIVES = 3
DAYS_AROUND = 3


def nearest_times(doctor: Doctor, wanted: datetime | None, kind: str = "") -> list[Slot]:
    """Up to three free times around the wanted one, in order; otherwise the doctor's next free time."""
    first, last = horizon()
    wanted = wanted or timezone.now()
    day = min(max(timezone.localtime(wanted).date(), first), last)
    around = timedelta(days=DAYS_AROUND)
    terms = BookingTerms.for_patients().of_kind(kind)
    slots = offered_slots([doctor], max(first, day - around), min(last, day + around), terms=terms)[doctor.pk]
    slots = [slot for slot in slots if slot.start != wanted.timestamp()]
    nearest = sorted(slots, key=lambda slot: abs(slot.start - wanted.timestamp()))[:ALTERNATIVES]
    if not nearest and (slot := next_free([doctor], terms=terms)[doctor.pk]):
        nearest = [slot]
    return sorted(nearest, key=lambda slot: slot.start)


def alternatives(doctor: Doctor, wanted: datetime | None, kind: str = "") -> list[dict]:
    return [
        {
            "at": compact(slot.starts_at),
            "label": f"{day_and_clock(slot.starts_at)}, {name_of_place(slot.branch[0], slot.mode)}",
            "url": booking_url(doctor.reference, slot.starts_at, kind),
        }
        for slot in nearest_times(doctor, wanted, kind)
    ]
