from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings

from scheduling.statuses import VisitKind

STAFF_HORIZON_DAYS = 365


@dataclass(frozen=True)
class Place:
    """Where and how a visit takes place; None and "" leave it open."""

    branches: frozenset[int] | None = None
    mode: str = ""

    def fits(self, of) -> bool:
        """Whether a session or a slot is there."""
        is_there = self.branches is None or of.branch_id in self.branches
        return is_there and self.mode in ("", of.mode)


@dataclass(frozen=True)
class Move:
    """An appointment that is to move: its own claims do not count."""

    appointment_id: int
    start: float | None = None  # where it is now, if it cannot stay there


@dataclass(frozen=True)
class BookingTerms:
    """How soon and how far ahead a time may be booked, and where if a place is asked for.

    `notice` is the minimum time before the slot begins; None allows booking until the slot ends, as the desk
    does for patients who are present. `kind` decides how many slots the visit takes; a time that is free for
    a first visit is free for a follow-up too.
    """

    notice: timedelta | None
    horizon_days: int
    kind: str = VisitKind.FIRST
    place: Place | None = None
    move: Move | None = None

    def at(self, place: Place | None) -> "BookingTerms":
        """The same terms, for the times at this place alone."""
        return replace(self, place=place)

    def moving(self, move: Move) -> "BookingTerms":
        """The same terms for another time of this appointment."""
        return replace(self, move=move)

    @property
    def moved(self) -> int:
        """The key of the appointment that is to move; 0, which no row has, if none is."""
        return self.move.appointment_id if self.move else 0

    def ahead(self) -> "BookingTerms":
        """The same terms for a time that has not begun."""
        return replace(self, notice=self.notice or timedelta())

    def counted_from(self, chosen_at: datetime, now: datetime) -> "BookingTerms":
        """The same terms for a time that was chosen earlier: the notice counts from then."""
        if self.notice is None:
            return self
        return replace(self, notice=max(self.notice - (now - chosen_at), timedelta()))

    def of_kind(self, kind: str) -> "BookingTerms":
        """The same terms for a visit of this kind; one that nobody asked for counts as the first."""
        return replace(self, kind=kind or VisitKind.FIRST)

    @classmethod
    def for_patients(cls) -> "BookingTerms":
        booking = settings.BOOKING
        return cls(timedelta(minutes=booking["notice_minutes"]), booking["horizon_days"])

    @classmethod
    def for_staff(cls) -> "BookingTerms":
        return cls(None, STAFF_HORIZON_DAYS)
