"""People who wait, a time that is offered to one of them, and another one for a visit that a leave broke."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from hms.core.rights import SYSTEM
from hms.demo.chance import Chance
from hms.demo.logins import Team
from hms.demo.patients import Visitor
from scheduling.availability import offered_slots
from scheduling.models import Appointment, Doctor, Offer, ScheduleException, WaitingListEntry
from scheduling.services import (
    begin_cascade,
    join_waiting_list,
    make_offer,
    propose_times,
    save_exception,
)
from scheduling.statuses import AppointmentStatus, ExceptionKind, WaitingUrgency

VISITS_FOR_OFFERS = 40
WAITING = 6
WAIT_DAYS, OFFER_DAYS = 14, 5
BEFORE_WORK = time(7, 15)  # no doctor begins so early, so these wait on
NOT_SOON = timedelta(days=2)


def how_many_offers(appointments: int) -> int:
    """Each holds a time: one from the waiting list, and one instead of a visit."""
    return 2 if appointments >= VISITS_FOR_OFFERS else 0


def put_on_the_list(doctors: list[Doctor], visitors: list[Visitor], team: Team, chance: Chance) -> None:
    """Some patients wait for a time before work; the desk has marked one as urgent."""
    today = timezone.localdate()
    others = visitors[1:]
    for number, visitor in enumerate(chance.sample(others, min(WAITING, len(others)))):
        row = WaitingListEntry(
            patient=visitor.patient,
            doctor=doctors[number % min(2, len(doctors))],
            first_day=today,
            last_day=today + timedelta(days=WAIT_DAYS),
            latest=BEFORE_WORK,
            urgency=WaitingUrgency.URGENT if number == 1 else WaitingUrgency.ROUTINE,
        )
        join_waiting_list(entry=row, by=team.reception)


def offer_one(doctor: Doctor, visitor: Visitor, chance: Chance) -> int:
    """Hold a time for somebody who waits; returns how many are held."""
    today = timezone.localdate()
    days = (today + timedelta(days=1), today + timedelta(days=OFFER_DAYS))
    free = offered_slots([doctor], *days)[doctor.pk]
    if not free:
        return 0
    row = WaitingListEntry(patient=visitor.patient, doctor=doctor, first_day=today, last_day=days[1])
    entry = join_waiting_list(entry=row, by=visitor.login)
    offer = make_offer(entry=entry, doctor=doctor, starts_at=chance.choice(free).starts_at, by=SYSTEM)
    _name(offer, chance)
    return 1


def break_one_visit(visitors: list[Visitor], team: Team, chance: Chance, now: datetime) -> None:
    """A leave of the length of one coming visit, if possible of the first of these patients who has one."""
    family = {visitor.patient.pk for visitor in visitors}
    coming = Appointment.objects.filter(status=AppointmentStatus.BOOKED, starts_at__gt=now + NOT_SOON)
    alone = [visit for visit in coming.select_related("doctor") if not _others_then(visit)]
    if not alone:
        return
    visit = min(alone, key=lambda each: (each.patient_id not in family, each.starts_at, each.pk))
    leave = ScheduleException(
        kind=ExceptionKind.LEAVE,
        doctor=visit.doctor,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        reason="Called to a meeting",
    )
    save_exception(exception=leave, by=team.admin)
    begin_cascade(appointments=[visit], by=team.admin)
    propose_times()
    for offer in Offer.objects.filter(displaced=visit).exclude(hold=None):
        _name(offer, chance)


def _others_then(visit: Appointment) -> bool:
    """Whether the leave would break other visits too."""
    same = Appointment.objects.upcoming().filter(doctor=visit.doctor).exclude(pk=visit.pk)
    return same.overlapping(visit.starts_at, visit.ends_at).exists()


def _name(offer: Offer, chance: Chance) -> None:
    """The same seed gives the same references."""
    offer.hold.reference = chance.reference()
    offer.hold.save(update_fields=["reference"])
