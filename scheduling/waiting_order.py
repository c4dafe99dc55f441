"""The order of the waiting list; no database.

A time that opens is offered to the first person in this order whom it suits: the most urgent, then who has
waited longest, then who can wait the least (the earliest last day), then who is registered first.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Protocol, TypeVar


class Waiting(Protocol):
    pk: int
    urgency: int
    joined_at: datetime
    doctor_id: int | None
    department_id: int | None
    first_day: date
    last_day: date
    earliest: time
    latest: time


W = TypeVar("W", bound=Waiting)


def order_key(entry: Waiting) -> tuple[int, datetime, date, int]:
    return -entry.urgency, entry.joined_at, entry.last_day, entry.pk


def in_order(entries: Iterable[W]) -> list[W]:
    return sorted(entries, key=order_key)


def place_of(entry: Waiting, others: Iterable[Waiting], department_of: dict[int, int]) -> int:
    """1 for whoever is first: one more than those before them who want one of the same times.

    `department_of` gives the department of each doctor.
    """
    key = order_key(entry)
    return 1 + sum(order_key(each) < key and compete(each, entry, department_of) for each in others)


def compete(one: Waiting, other: Waiting, department_of: dict[int, int]) -> bool:
    """Whether some time could suit both."""
    days = one.first_day <= other.last_day and other.first_day <= one.last_day
    hours = one.earliest <= other.latest and other.earliest <= one.latest
    return days and hours and _share_a_doctor(one, other, department_of)


def _share_a_doctor(one: Waiting, other: Waiting, department_of: dict[int, int]) -> bool:
    if one.doctor_id and other.doctor_id:
        return one.doctor_id == other.doctor_id
    departments = (each.department_id or department_of.get(each.doctor_id) for each in (one, other))
    return len(set(departments)) == 1
