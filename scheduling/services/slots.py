"""Taking the slots of a doctor for an appointment; which times are slots, availability decides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hms.core.rights import require
from scheduling.availability import BookingTerms, DoctorTerms, Reason, Slot, doctor_terms, find_slot
from scheduling.exceptions import SlotNotOffered, SlotTaken
from scheduling.models import Appointment, Doctor
from scheduling.services.claims import claim_time
from scheduling.services.permissions import terms_for
from scheduling.statuses import VisitKind

OCCUPIED = (Reason.TAKEN, Reason.HELD, Reason.PARTLY_TAKEN)
SLOT = ("starts_at", "ends_at", "seat", "branch_id", "mode")
MOST_SEATS = 100  # more than any session has, overbooked or not


def take_slot(
    appointment: Appointment, *, by, starts_at: datetime | None = None, terms: BookingTerms | None = None
) -> None:
    """Claim an offered slot for a saved appointment, and save the columns that change with the slot."""
    doctor = doctor_terms(pk=appointment.doctor_id)
    appointment.visit_kind = kind_at(doctor, appointment.visit_kind)
    choice = SlotChoice(doctor, starts_at or appointment.starts_at, by, appointment.visit_kind, terms=terms)
    choice.occupy(appointment)
    columns = [*SLOT, "doctor", "visit_kind", "sequence", "told_late_minutes", "coming_at"]
    appointment.save(update_fields=columns)
    choice.claim(appointment)


def kind_at(doctor: Doctor | DoctorTerms, asked: str) -> str:
    """The kind of visit that is kept: none where it makes no difference; unasked, it is the first."""
    return (asked or VisitKind.FIRST) if doctor.asks_kind else ""


def require_offered(slot: Slot | None, *, overbook: bool = False) -> Slot:
    """The slot, unless it is not offered (or, overbooking, is not even a slot)."""
    if slot is None:
        raise SlotNotOffered(Reason.NOT_A_SLOT)
    if slot.reason in (Reason.TAKEN, Reason.HELD) and not overbook:
        raise SlotTaken
    if slot.reason and not (overbook and slot.reason in OCCUPIED):
        raise SlotNotOffered(slot.reason)
    return slot


def put_in_slot(appointment: Appointment, slot: Slot) -> None:
    """Write the slot and its lowest free seat on the appointment."""
    appointment.starts_at, appointment.ends_at = slot.starts_at, slot.ends_at
    appointment.branch_id, appointment.mode = slot.branch_id, slot.mode
    appointment.seat = slot.lowest_seat()


@dataclass(frozen=True)
class SlotChoice:
    """The slot of a doctor that a booking takes, and the acting person."""

    doctor: DoctorTerms
    starts_at: datetime
    by: Any
    kind: str
    overbook: bool = False
    terms: BookingTerms | None = None

    def slot(self) -> Slot:
        """The current slot; refuses one not offered, or when overbooking one that does not exist."""
        if self.overbook:
            require(self.by, "scheduling.overbook")
        terms = self.terms or terms_for(self.by, self.doctor.pk, self.starts_at)
        slot = find_slot(self.doctor, self.starts_at, terms=terms.of_kind(self.kind))
        return require_offered(slot, overbook=self.overbook)

    def occupy(self, appointment: Appointment) -> Slot:
        slot = self.slot()
        put_in_slot(appointment, slot)
        return slot

    def claim(self, appointment: Appointment) -> None:
        """Claim the chosen seat, or another free one if somebody else takes it first."""
        for _attempt in range(MOST_SEATS):
            try:
                return claim_time(appointment)
            except SlotTaken:
                if self.occupy(appointment).capacity == 1 and not self.overbook:
                    raise
                appointment.save(update_fields=["seat"])
        raise SlotTaken
