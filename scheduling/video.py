"""The rooms of visits by video: whoever has the address of one can come in, so nobody can guess it.

A moved visit has another room. Both sides see it from some minutes before the visit to some time after it.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from scheduling.models import Appointment
from scheduling.statuses import HERE, AppointmentStatus, VisitMode


class JitsiRooms:
    """Rooms that exist as soon as somebody opens their address, as those of Jitsi Meet."""

    def address_of(self, room: str) -> str:
        return f"{settings.VIDEO['address'].rstrip('/')}/{room}"


def room_address(visit: Appointment) -> str:
    named = f"{visit.reference} {int(visit.starts_at.timestamp())}"
    room = salted_hmac("scheduling.video", named, algorithm="sha256").hexdigest()[:40]
    return import_string(settings.VIDEO["rooms"])().address_of(f"visit-{room}")


def opens_at(visit: Appointment) -> datetime:
    return visit.starts_at - timedelta(minutes=settings.VIDEO["opens_minutes"])


def is_open(visit: Appointment, now: datetime) -> bool:
    closes_at = visit.ends_at + timedelta(minutes=settings.VIDEO["closes_minutes"])
    in_time = opens_at(visit) <= now <= closes_at or visit.status == AppointmentStatus.IN_CONSULTATION
    return is_expected_by_video(visit) and in_time


def is_expected_by_video(visit: Appointment) -> bool:
    is_expected = visit.status == AppointmentStatus.BOOKED or visit.status in HERE
    return visit.mode == VisitMode.VIDEO and is_expected
