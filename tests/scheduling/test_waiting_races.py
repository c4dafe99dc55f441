"""Rounds, answers and bookings at the same moment; real threads and commits on both databases."""

from datetime import time

import pytest

from hms.core.rights import SYSTEM
from scheduling.models import Appointment, Offer, PatientClaim, SlotClaim
from scheduling.services import (
    accept_instead,
    accept_offer,
    book_appointment,
    cancel_appointment,
    choose_other_time,
    decline_offer,
    expire_holds,
    offer_free_times,
    propose_times,
)
from scheduling.statuses import HOLDING
from tests.factories import PatientFactory, at, doctor_with_hours
from tests.racing import race
from tests.scheduling.waiting_rows import enter_leave, fill, waits

pytestmark = [
    pytest.mark.race,
    pytest.mark.slow,
    pytest.mark.feature("S18"),
    pytest.mark.django_db(transaction=True),
]


def assert_claims_match() -> None:
    holding = Appointment.objects.filter(status__in=HOLDING)
    for claims in (SlotClaim, PatientClaim):
        assert set(claims.objects.values_list("appointment", flat=True)) == {row.pk for row in holding}
        assert claims.objects.count() == sum(row.minutes // 5 for row in holding)


def test_many_rounds_at_once_make_one_offer_for_each_time_and_patient():
    doctor = doctor_with_hours(time(9), time(11))
    for _each in range(6):
        waits(doctor)
    others = [PatientFactory() for _each in range(2)]

    outcomes = race(
        *[lambda: f"{offer_free_times()} offers"] * 4,
        *[lambda p=p: book_appointment(patient=p, doctor=doctor, starts_at=at(9), by=SYSTEM) for p in others],
    )
    offer_free_times()

    assert set(outcomes) <= {*(f"{n} offers" for n in range(5)), "Appointment", "SlotTaken"}
    offers = Offer.objects.filter(status="open")
    booked = Appointment.objects.filter(status="booked").count()
    assert booked + offers.count() == 4
    assert len(set(offers.values_list("entry", flat=True))) == offers.count()
    assert_claims_match()


@pytest.mark.parametrize("_round", range(3))
def test_an_offer_is_accepted_declined_or_over_and_never_two_of_them(_round):
    doctor = doctor_with_hours(time(9), time(9, 30))
    entry = waits(doctor)
    offer_free_times()
    offer = Offer.objects.get()
    Appointment.objects.filter(pk=offer.hold_id).update(held_until=at(0, days=-1) if _round == 2 else at(8))

    outcomes = race(
        *[lambda: accept_offer(offer=offer, by=SYSTEM).status] * 3,
        *[lambda: decline_offer(offer=offer, by=SYSTEM).status] * 3,
        lambda: f"{expire_holds()} expired",
    )

    assert not any("Error" in each for each in outcomes)
    offer.refresh_from_db()
    entry.refresh_from_db()
    hold = Appointment.objects.get(pk=offer.hold_id)
    ended = {"accepted": ("booked", "booked"), "declined": ("expired", "waiting")}
    ended["unanswered"] = ("expired", "waiting")
    assert (hold.status, entry.status) == ended[offer.status]
    assert_claims_match()


@pytest.mark.feature("S19")
def test_a_visit_is_moved_once_whoever_answers_and_whatever_the_worker_does():
    doctor = doctor_with_hours(time(9), time(10))
    visit, other = fill(doctor, at(9), at(9, 30))
    enter_leave(doctor)
    race(*[lambda: f"{propose_times()}"] * 3)
    offers = {offer.displaced_id: offer for offer in Offer.objects.all()}
    assert {offer.status for offer in offers.values()} == {"open"}
    third = {"doctor": doctor.reference, "starts_at": at(9, days=3)}

    outcomes = race(
        *[lambda: accept_instead(offer=offers[visit.pk], by=SYSTEM).status] * 2,
        *[lambda pk=pk: choose_other_time(offer=offers[pk], by=SYSTEM, **third).status for pk in offers],
        lambda: cancel_appointment(appointment=other, by=SYSTEM).status,
        lambda: f"{propose_times()}",
    )

    assert not any("Error" in each for each in outcomes)
    visit.refresh_from_db()
    other.refresh_from_db()
    assert visit.starts_at in (at(9, days=2), at(9, days=3))
    assert other.status == "cancelled" or other.starts_at == at(9, days=3)
    assert not Appointment.objects.filter(status="held").exists()
    assert_claims_match()
