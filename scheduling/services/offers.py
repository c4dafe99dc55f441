"""Times that are held for somebody and offered: made, accepted, declined, run out.

Rows are locked in one order: the visit outside working hours, the hold, the offer, the entry.
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import Scope
from accounts.rights import may_act_for
from hms.core.locks import lock_row, lock_rows
from hms.core.rights import SYSTEM, person, require
from hms.core.states import move
from hms.core.transactions import retried_atomic
from scheduling.link_codes import is_same, reference_of, with_end_of_care
from scheduling.models import Appointment, Doctor, Offer, WaitingListEntry
from scheduling.offer_links import code_of
from scheduling.services.booking import confirm_booking, hold_slot
from scheduling.services.claims import end_hold
from scheduling.services.missed import require_terms_of_patients
from scheduling.services.permissions import is_desk, require_right_to_book
from scheduling.services.steps import lock_by_key
from scheduling.services.waiting import end_entry
from scheduling.signals import offer_made
from scheduling.statuses import AppointmentStatus, BookingSource, OfferStatus, WaitingStatus
from scheduling.waiting_exceptions import NotWaiting, OfferIsOver


@retried_atomic
def make_offer(*, entry: WaitingListEntry, doctor: Doctor, starts_at: datetime, by) -> Offer:
    """Hold a time for somebody who waits and offer it; refuses like `hold_slot`, and with `NotWaiting`."""
    require(by, "scheduling.book_for_others")
    entry = lock_row(WaitingListEntry.objects.all(), pk=entry.pk)
    if entry.status != WaitingStatus.WAITING or entry.offers.filter(open_key__isnull=False).exists():
        raise NotWaiting
    offer = Offer(patient=entry.patient, entry=entry)
    until = held_until(timezone.now(), starts_at)
    offer.hold = hold_for(offer, doctor, starts_at, until, visit_kind=entry.visit_kind, by=by)
    offer.open_key = offer.key()
    offer.save(force_insert=True)
    offer_made.send(Offer, offer=offer, by=by)
    return offer


def held_until(now: datetime, starts_at: datetime) -> datetime:
    """Some minutes from now; at night, when nobody reads messages, from the morning; never into the visit."""
    rules, local = settings.WAITING, timezone.localtime(now)
    first = now
    if local.hour < rules["answers_from_hour"]:
        first = _at_hour(local, rules["answers_from_hour"])
    elif local.hour >= rules["answers_until_hour"]:
        first = _at_hour(local + timedelta(days=1), rules["answers_from_hour"])
    return min(first + timedelta(minutes=rules["offer_minutes"]), starts_at)


def _at_hour(local: datetime, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(local.date(), time(hour)))


def hold_for(
    offer: Offer, doctor: Doctor, starts_at: datetime, until: datetime, *, visit_kind: str, by
) -> Appointment:
    """Hold the time for the patient of the offer, longer or shorter than a person's own hold."""
    hold = hold_slot(
        patient=offer.patient,
        doctor=doctor,
        starts_at=starts_at,
        visit_kind=visit_kind,
        source=BookingSource.OFFER,
        by=by,
    )
    hold.held_until = until
    hold.save(update_fields=["held_until"])
    return hold


@retried_atomic
def accept_offer(*, offer: Offer, by) -> Offer:
    """Book the time that is held for somebody who waits; a second call changes nothing.

    Refuses `OfferIsOver` when the hold has run out or the offer is settled otherwise.
    """
    offer = lock_offer(offer)
    require_right_to_book(by, offer.patient_id)
    if offer.status == OfferStatus.ACCEPTED:
        return offer
    if not offer.can_be_taken or offer.is_cascade:
        raise OfferIsOver
    if by is SYSTEM:  # for whoever holds the link: no more than the patient may
        require_terms_of_patients(offer.hold, offer.hold.doctor, AppointmentStatus.BOOKED)
    confirm_booking(appointment=offer.hold, by=by)  # see `take_with`
    offer.refresh_from_db()
    return offer


@retried_atomic
def decline_offer(*, offer: Offer, by) -> Offer:
    """Free the time for the next one who waits; the patient stays on the list, for other times."""
    offer = lock_offer(offer)
    require_right_to_book(by, offer.patient_id)
    if offer.status == OfferStatus.DECLINED:
        return offer
    if offer.is_cascade:
        raise OfferIsOver
    settle(offer, OfferStatus.DECLINED, by=by)
    free_hold(offer)
    return offer


@retried_atomic
def leave_waiting_list(*, entry: WaitingListEntry, by) -> WaitingListEntry:
    """End somebody's waiting, and free the time that is offered; a second call changes nothing."""
    require_right_to_book(by, entry.patient_id)
    for offer in Offer.objects.open().filter(entry=entry):
        offer = lock_offer(offer)
        settle(offer, OfferStatus.DECLINED, by=by)
        free_hold(offer)
    end_entry(entry, WaitingStatus.LEFT)
    entry.refresh_from_db()
    return entry


def lock_offer(offer: Offer) -> Offer:
    """The current offer with its visit and its hold, locked in the order of this module."""
    displaced = lock_by_key(offer.displaced_id) if offer.displaced_id else None
    hold = lock_by_key(offer.hold_id) if offer.hold_id else None
    offer = lock_row(Offer.objects.all(), pk=offer.pk)
    if offer.hold_id != (hold and hold.pk):  # another time has been found meanwhile
        hold = lock_by_key(offer.hold_id) if offer.hold_id else None
    offer.displaced, offer.hold = displaced, hold
    return offer


def settle(offer: Offer, status: OfferStatus, *, by) -> None:
    """Write how a locked offer ended."""
    move(offer, status, open_key=None, settled_at=timezone.now(), settled_by=person(by))


def free_hold(offer: Offer) -> None:
    if offer.hold and offer.hold.status == AppointmentStatus.HELD:
        end_hold(offer.hold)


# --- what becomes of an offer when its hold is booked, cancelled or run out, whoever does that


def take_with(hold: Appointment, *, by) -> None:
    """The hold has become a booking: the offer is accepted, and the waiting is over."""
    for offer in _offers_of(hold):
        if OfferStatus.ACCEPTED in OfferStatus.STEPS[offer.status]:
            settle(offer, OfferStatus.ACCEPTED, by=by)
            if offer.entry:
                end_entry(offer.entry, WaitingStatus.BOOKED)


def decline_with(hold: Appointment, *, by) -> None:
    """The patient has given the held time up on the page of the appointment."""
    for offer in _offers_of(hold):
        if offer.status == OfferStatus.OPEN:
            if offer.is_cascade:
                leave_to_the_desk(offer)
            else:
                settle(offer, OfferStatus.DECLINED, by=by)


def run_out_with(hold: Appointment) -> None:
    """Nobody has answered in time; who never answers leaves the list."""
    for offer in _offers_of(hold):
        if offer.status != OfferStatus.OPEN:
            continue
        if offer.is_cascade:
            leave_to_the_desk(offer)
            continue
        settle(offer, OfferStatus.UNANSWERED, by=SYSTEM)
        ignored = offer.entry.offers.filter(status=OfferStatus.UNANSWERED).count()
        if ignored >= settings.WAITING["unanswered_offers"]:
            end_entry(offer.entry, WaitingStatus.UNANSWERED)


def leave_to_the_desk(offer: Offer) -> None:
    """The visit stays where it is until somebody has spoken to the patient."""
    move(offer, OfferStatus.UNANSWERED)


def _offers_of(hold: Appointment) -> list[Offer]:
    if hold.source != BookingSource.OFFER:
        return []
    return lock_rows(Offer.objects.filter(hold=hold))


def offer_with_link(code: str) -> Offer | None:
    """The offer to which the hospital has given out this link; the read is logged."""
    found = with_end_of_care(Offer.objects.filter(reference=reference_of(code))).first()
    if found is None or not is_same(code_of(found), code):
        return None
    return Offer.objects.of_the_holder(found.reference).first()


def offer_instead_of(visit: Appointment) -> Offer | None:
    """The open offer for a visit that its doctor cannot keep."""
    return with_end_of_care(Offer.objects.open().filter(displaced=visit)).first()


def answers_for(user, offer: Offer):
    """Who answers: the desk or a carer with a login, else the hospital for whoever holds the link."""
    may_answer = user.is_authenticated and (is_desk(user) or may_act_for(user, offer.patient_id, Scope.BOOK))
    return user if may_answer else SYSTEM
