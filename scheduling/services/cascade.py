"""Visits that a leave, a holiday or new hours put outside working hours: another time for each.

The visit itself stays booked until the patient or the desk has chosen: nobody is moved without being asked.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from hms.core.rights import SYSTEM, acting
from hms.core.states import move
from hms.core.transactions import retried_atomic
from scheduling.availability import outside_hours
from scheduling.equivalents import chosen, equivalents, kind_with
from scheduling.models import Appointment, Doctor, Offer
from scheduling.services.changes import cancel_appointment, reschedule_appointment
from scheduling.services.offers import free_hold, held_until, hold_for, lock_offer, settle
from scheduling.services.permissions import is_desk, require_right_to_book
from scheduling.signals import offer_made, visit_stays
from scheduling.statuses import AppointmentStatus, BookingSource, OfferStatus
from scheduling.waiting_exceptions import NotEquivalent, OfferIsOver

MOST_TRIED = 20
# For a time that is only held another one is sought once it has been booked, for example paid.
AFFECTED = (AppointmentStatus.BOOKED, AppointmentStatus.HELD)


@retried_atomic
def begin_cascade(*, appointments: Iterable[Appointment], by) -> int:
    """Have another time sought for each of these visits; returns for how many.

    Called in the transaction of the change, whose right the caller has checked. Times that were only offered
    and cannot be kept are withdrawn.
    """
    acting(by)
    rows = list(appointments)
    known = set(Offer.objects.open().exclude(displaced=None).values_list("displaced", flat=True))
    offered = {row.pk for row in rows if _is_only_offered(row)}
    left = [row for row in rows if row.status in AFFECTED and row.pk not in known | offered]
    sought = [Offer(patient_id=row.patient_id, displaced=row, status=OfferStatus.SOUGHT) for row in left]
    for offer in sought:
        offer.open_key = offer.key()
    Offer.objects.bulk_create(sought)
    for offer in Offer.objects.filter(hold__in=offered, status=OfferStatus.OPEN):
        _take_back(lock_offer(offer))
    return len(sought)


def _is_only_offered(appointment: Appointment) -> bool:
    return appointment.source == BookingSource.OFFER and appointment.status == AppointmentStatus.HELD


def _take_back(offer: Offer) -> None:
    """The offered time itself cannot be kept: seek another one, or let the patient wait on."""
    hold = offer.hold
    if offer.is_cascade:
        move(offer, OfferStatus.SOUGHT, hold=None)
    else:
        settle(offer, OfferStatus.WITHDRAWN, by=SYSTEM)
    offer.hold = hold
    free_hold(offer)


def propose_times() -> int:
    """Hold another time for each visit for which one is sought; returns how many were told.

    Offers whose visits have been settled, or are within working hours again, are withdrawn first.
    """
    offers = Offer.objects.open().exclude(displaced=None).select_related("displaced")
    by_visit = {offer.displaced_id: offer for offer in offers.order_by("displaced__starts_at", "pk")}
    if not by_visit:
        return 0
    outside = outside_hours(Appointment.objects.filter(pk__in=by_visit))
    now, told = timezone.now(), 0
    for offer in by_visit.values():
        visit = offer.displaced
        is_within = visit.pk not in outside and visit.starts_at > now
        if visit.status not in AFFECTED or is_within:
            withdraw_offer(offer=offer, by=SYSTEM)
        elif offer.status == OfferStatus.SOUGHT and visit.status == AppointmentStatus.BOOKED:
            told += propose_time(offer=offer, by=SYSTEM)
    return told


@retried_atomic
def propose_time(*, offer: Offer, by) -> bool:
    """Hold the best equivalent time and tell the patient; without one, tell that the desk will call."""
    offer = lock_offer(offer)
    visit = offer.displaced
    if offer.status != OfferStatus.SOUGHT or visit.status != AppointmentStatus.BOOKED:
        return False
    hold = _hold_one(offer, by)
    if hold is None:
        move(offer, OfferStatus.NOTHING_FREE)
    else:
        move(offer, OfferStatus.OPEN, hold=hold)
    offer_made.send(Offer, offer=offer, by=by)
    return True


def _hold_one(offer: Offer, by) -> Appointment | None:
    visit, now = offer.displaced, timezone.now()
    for doctor, slot in equivalents(visit)[:MOST_TRIED]:
        until = cascade_held_until(now, slot.starts_at)
        try:
            kind = kind_with(visit, doctor)
            return hold_for(offer, doctor, slot.starts_at, until, visit_kind=kind, by=by)
        except ValidationError:  # somebody was quicker, or the patient is elsewhere then
            continue
    return None


def cascade_held_until(now: datetime, starts_at: datetime) -> datetime:
    """A day, but not until shortly before the time; at least as long as for somebody who waits."""
    rules = settings.WAITING
    last = starts_at - timedelta(hours=rules["cascade_until_hours_before"])
    return max(min(now + timedelta(hours=rules["cascade_hours"]), last), held_until(now, starts_at))


@retried_atomic
def withdraw_offer(*, offer: Offer, by) -> None:
    """Take back an offer for a visit that stays as it is or is over, and tell the patient if it stays."""
    acting(by)
    offer = lock_offer(offer)
    if offer.open_key is None:
        return
    was_told = offer.status != OfferStatus.SOUGHT
    settle(offer, OfferStatus.WITHDRAWN, by=by)
    free_hold(offer)
    if was_told and offer.displaced.status == AppointmentStatus.BOOKED:
        visit_stays.send(Offer, offer=offer, by=by)


@retried_atomic
def accept_instead(*, offer: Offer, by) -> Offer:
    """Move the visit to the time that is held; a second call changes nothing. Refuses `OfferIsOver`."""
    offer = _lock_to_answer(offer, by)
    if offer.status == OfferStatus.ACCEPTED:
        return offer
    if not offer.can_be_taken:
        raise OfferIsOver
    hold = offer.hold
    settle(offer, OfferStatus.ACCEPTED, by=by)
    free_hold(offer)
    _move(offer, hold.doctor, hold.starts_at, by)
    return offer


@retried_atomic
def choose_other_time(*, offer: Offer, doctor: str, starts_at: datetime, by) -> Offer:
    """Move the visit to another equivalent time, with the doctor of this reference.

    Refuses `NotEquivalent` for any time that is not free or not equivalent, and `OfferIsOver`.
    """
    offer = _lock_to_answer(offer, by)
    visit = offer.displaced
    if offer.status == OfferStatus.CHOSE_OTHER and _is_there(visit, doctor, starts_at):
        return offer
    _require_open(offer)
    found = chosen(visit, doctor, starts_at)
    if found is None:
        raise NotEquivalent
    settle(offer, OfferStatus.CHOSE_OTHER, by=by)
    free_hold(offer)
    _move(offer, found[0], starts_at, by)
    return offer


@retried_atomic
def refund_instead(*, offer: Offer, by) -> Offer:
    """Cancel the visit for the hospital, which refunds it in full; a second call changes nothing."""
    offer = _lock_to_answer(offer, by)
    if offer.status == OfferStatus.DECLINED:
        return offer
    _require_open(offer)
    settle(offer, OfferStatus.DECLINED, by=by)
    free_hold(offer)
    reason = _("The doctor cannot keep this time.")
    cancel_appointment(appointment=offer.displaced, reason=reason, by=_for_the_hospital(by))
    return offer


def settle_elsewhere(appointment: Appointment, status: OfferStatus, *, by) -> None:
    """The visit was moved or cancelled on another page: nothing needs to be offered any more."""
    for offer in Offer.objects.open().filter(displaced=appointment):
        offer = lock_offer(offer)
        settle(offer, status, by=by)
        free_hold(offer)


def _lock_to_answer(offer: Offer, by) -> Offer:
    offer = lock_offer(offer)
    require_right_to_book(by, offer.patient_id)
    if not offer.is_cascade:
        raise OfferIsOver
    return offer


def _require_open(offer: Offer) -> None:
    if offer.open_key is None:
        raise OfferIsOver


def _move(offer: Offer, doctor: Doctor, starts_at: datetime, by) -> None:
    visit = offer.displaced
    reschedule_appointment(
        appointment=visit,
        doctor=doctor,
        starts_at=starts_at,
        visit_kind=kind_with(visit, doctor),
        by=_for_the_hospital(by),
    )
    visit.refresh_from_db()


def _is_there(visit: Appointment, doctor: str, starts_at: datetime) -> bool:
    return visit.starts_at == starts_at and visit.doctor.reference == doctor


def _for_the_hospital(by):
    """It is the hospital that could not keep the visit: the notice for patients does not count."""
    return by if is_desk(by) else SYSTEM
