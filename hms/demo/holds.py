"""A few times that somebody is just booking: held for some minutes, then free again."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from hms.core.rights import SYSTEM
from hms.demo.chance import Chance
from hms.demo.patients import Visitor
from scheduling.availability import offered_slots
from scheduling.models import Doctor
from scheduling.services.bulk import Happening, Record, record_appointments
from scheduling.statuses import AppointmentStatus, BookingSource

HOLDS = 3
VISITS_PER_HOLD = 20
AHEAD_DAYS = 3


def how_many_holds(appointments: int) -> int:
    return min(HOLDS, appointments // VISITS_PER_HOLD)


def hold_some(how_many: int, doctors: list[Doctor], visitors: list[Visitor], chance: Chance) -> int:
    """Hold times of the next days for patients with a login, who are adults; returns how many."""
    adults = [visitor for visitor in visitors if visitor.login and not visitor.patient.is_minor]
    tomorrow = timezone.localdate() + timedelta(days=1)
    offered = offered_slots(doctors, tomorrow, tomorrow + timedelta(days=AHEAD_DAYS))
    for_all = list(offered[doctors[0].pk])
    held = 0
    for visitor in chance.sample(adults, len(adults)):
        if held == how_many or not for_all:
            break
        held += _hold(visitor, doctors[0], chance.choice(for_all), chance)
    return held


def _hold(visitor: Visitor, doctor: Doctor, slot, chance: Chance) -> bool:
    """Whether the rules let the patient hold it."""
    record = Record(
        patient=visitor.patient,
        doctor=doctor,
        starts_at=slot.starts_at,
        past=(Happening(AppointmentStatus.HELD, timezone.now(), visitor.login),),
        source=BookingSource.WEB,
        reference=chance.reference(),
    )
    try:
        record_appointments(records=[record], by=SYSTEM)
    except ValidationError:
        return False
    return True
