"""Clean-up jobs; correctness does not depend on when they run."""

from contextlib import suppress
from datetime import datetime

from django.utils import timezone

from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from hms.core.transactions import retried_atomic
from scheduling.cells import cell_of
from scheduling.models import Appointment, Offer, PatientClaim, SlotClaim
from scheduling.services.claims import expire_hold
from scheduling.services.visits import mark_no_show
from scheduling.statuses import AppointmentStatus

BATCH = 5_000


def expire_holds(*, now: datetime | None = None) -> int:
    """End every overdue hold; returns how many."""
    run_out = Appointment.objects.filter(status=AppointmentStatus.HELD, held_until__lte=now or timezone.now())
    return sum(_expire(pk) for pk in run_out.order_by("pk").values_list("pk", flat=True))


@retried_atomic
def _expire(pk: int) -> bool:
    return expire_hold(pk)


def mark_missed() -> int:
    """Mark booked patients who are hours overdue as no-shows; returns how many.

    Not those whose doctor was away, as long as no other time is settled with them.
    """
    missed = Appointment.objects.missed().exclude(pk__in=Offer.objects.displaced_visits()).order_by("pk")
    return sum(_mark_missed(appointment) for appointment in missed)


def _mark_missed(appointment: Appointment) -> bool:
    with suppress(StepRefused):  # somebody has decided meanwhile
        mark_no_show(appointment=appointment, by=SYSTEM)
        return True
    return False


def purge_claims(*, before: datetime) -> int:
    """Delete claims of cells that are over; appointments stay. Returns the number of rows deleted."""
    return sum(_purge(model, cell_of(before)) for model in (SlotClaim, PatientClaim))


def _purge(model, cell: int) -> int:
    gone = 0
    while batch := list(
        model.objects.filter(cell__lt=cell).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        gone += model.objects.filter(pk__in=batch).delete()[0]
    return gone
