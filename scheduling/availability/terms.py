from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

STAFF_HORIZON_DAYS = 365


@dataclass(frozen=True)
class BookingTerms:
    """How near and how far a time may be booked.

    `notice` is the time that must be left until the slot begins; None lets the slot be booked until it
    ends, as the desk does for somebody who stands there.
    """

    notice: timedelta | None
    horizon_days: int

    @classmethod
    def for_patients(cls) -> "BookingTerms":
        booking = settings.BOOKING
        return cls(timedelta(minutes=booking["notice_minutes"]), booking["horizon_days"])

    @classmethod
    def for_staff(cls) -> "BookingTerms":
        return cls(None, STAFF_HORIZON_DAYS)
