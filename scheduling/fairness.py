"""Chooses the doctor when a patient books any doctor of a department."""

import random
from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from hms.core.days import local_day
from scheduling.availability import Slot, offered_slots
from scheduling.cells import cell_of
from scheduling.models import Branch, Department, Doctor, SlotClaim


def least_busy(
    department: Department, starts_at: datetime, *, branch: str = "", mode: str = ""
) -> Doctor | None:
    """Among the doctors free then, the one with the least booked time that day; ties are drawn by lot.

    `branch` (its code) and `mode` narrow the choice if given.
    """
    day = timezone.localtime(starts_at).date()
    doctors = Doctor.objects.bookable(day).filter(department=department).select_related("department")
    slots = offered_slots(doctors, day, day)
    branch_id = Branch.objects.filter(code=branch).values_list("pk", flat=True).first() if branch else None
    wanted = {"start": starts_at.timestamp(), "branch_id": branch_id, "mode": mode}
    free = [doctor for doctor in doctors if any(_fits(slot, wanted) for slot in slots[doctor.pk])]
    if not free:
        return None
    booked = _cells_booked(free, day)
    return min(free, key=lambda doctor: (booked.get(doctor.pk, 0), random.random()))  # noqa: S311 - a lot


def _fits(slot: Slot, wanted: dict) -> bool:
    return all(getattr(slot, name) == value for name, value in wanted.items() if value)


def _cells_booked(doctors: list[Doctor], day) -> dict[int, int]:
    first, last = map(cell_of, local_day(day))
    claims = SlotClaim.objects.filter(doctor__in=doctors, cell__gte=first, cell__lt=last)
    return dict(claims.values_list("doctor").annotate(cells=Count("pk")).order_by())
