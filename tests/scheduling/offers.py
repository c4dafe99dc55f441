"""A doctor's offered times on the following Monday, read on a Sunday evening."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from scheduling.availability import Reason, Slot, explain, offered_slots

MONDAY = date(2026, 11, 23)
SUNDAY_EVENING = datetime(2026, 11, 22, 18, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def clock(slots) -> list[str]:
    return [f"{slot.starts_at:%H:%M}" for slot in slots]


def free_on(doctor, day=MONDAY, **kwargs) -> list[Slot]:
    return offered_slots([doctor], day, day, **kwargs)[doctor.pk]


def reasons(doctor, day=MONDAY, **kwargs) -> list[Reason | None]:
    return [entry.reason for entry in explain(doctor, day, **kwargs)]
