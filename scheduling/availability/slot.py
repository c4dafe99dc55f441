"""One time of a doctor, in whole seconds since 1970 (UTC)."""

from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from scheduling.availability.reasons import Reason
from scheduling.availability.terms import BookingTerms
from scheduling.cells import CELL_SECONDS


class Slot(NamedTuple):
    """A time of one doctor: seconds since 1970, seats, and why it is not offered (None: it is).

    A tuple, because a page makes hundreds, and a frozen dataclass takes five times as long to make.
    """

    start: int
    end: int
    zone: tzinfo
    capacity: int
    mode: str
    branch_id: int
    branch: tuple[str, str]  # its name and code
    occupied: int  # mask of seats that are taken in any cell of the slot
    free: int  # patients who can still be booked
    reason: Reason | None

    @property
    def starts_at(self) -> datetime:
        return datetime.fromtimestamp(self.start, self.zone)

    @property
    def ends_at(self) -> datetime:
        return datetime.fromtimestamp(self.end, self.zone)

    @property
    def minutes(self) -> int:
        return (self.end - self.start) // 60

    @property
    def cells(self) -> range:
        return cells_of(self.start, self.end)

    def lowest_seat(self) -> int:
        """The lowest seat that is free in every cell; beyond the capacity if all seats are taken."""
        return (~self.occupied & (self.occupied + 1)).bit_length() - 1

    def with_taken(self, seats: int) -> "Slot":
        """The same slot with these seats (a mask) taken as well."""
        free = max(0, self.free - (seats & ~self.occupied).bit_count())
        reason = self.reason or (None if free else Reason.TAKEN)
        return self._replace(occupied=self.occupied | seats, free=free, reason=reason)

    def asked_at(self, now: datetime, terms: BookingTerms) -> "Slot":
        """The same slot as it was offered at an earlier or later moment, and to others."""
        day = self.starts_at.date()
        reason = too_late(self.start, self.end, now.timestamp(), terms)
        if is_beyond_horizon(day, now, self.zone, terms):
            reason = Reason.BEYOND_HORIZON
        return self._replace(reason=reason or self.reason)


def cells_of(start: int, end: int) -> range:
    return range(start // CELL_SECONDS, -(-end // CELL_SECONDS))


def is_beyond_horizon(day: date, now: datetime, zone: tzinfo, terms: BookingTerms) -> bool:
    return day > now.astimezone(zone).date() + timedelta(days=terms.horizon_days)


def too_late(start: int, end: int, now: float, terms: BookingTerms) -> Reason | None:
    if terms.notice is None:
        return Reason.PAST if end <= now else None
    if start <= now:
        return Reason.PAST
    return Reason.TOO_LATE if start < now + terms.notice.total_seconds() else None
