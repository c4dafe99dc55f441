"""Leave entered over booked visits: another time for each, and nobody is moved without being asked."""

from datetime import time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from billing.models import Refund
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from scheduling.models import Offer, SlotClaim
from scheduling.services import (
    accept_instead,
    cancel_appointment,
    choose_other_time,
    confirm_booking,
    offer_free_times,
    propose_times,
    refund_instead,
    reschedule_appointment,
)
from scheduling.waiting_exceptions import AnswerTheOffer, NotEquivalent, OfferIsOver
from tests.billing.rows import held, paid
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours
from tests.scheduling.admin_day import visit
from tests.scheduling.waiting_rows import enter_leave, open_offers, waits

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S19"), pytest.mark.usefixtures("sunday_noon")]


@pytest.fixture
def doctor():
    """Two times a day."""
    return doctor_with_hours(time(9), time(10), fee=Decimal("500.00"))


@pytest.fixture
def patient():
    return PatientFactory()


@pytest.fixture
def booked(doctor, patient):
    return visit(doctor, 9, days=1, patient=patient)


@pytest.fixture
def offer(doctor, booked):
    """Held for the visit after the doctor's leave has been entered."""
    enter_leave(doctor)
    assert propose_times() == 1
    return Offer.objects.for_list().get(displaced=booked)


def where(appointment) -> tuple:
    appointment.refresh_from_db()
    return appointment.status, appointment.doctor, appointment.starts_at


def test_each_visit_gets_a_time_of_the_same_doctor_near_and_none_moves(doctor):
    visits = [visit(doctor, 9, minute, days=1) for minute in (0, 30)]
    enter_leave(doctor)

    assert propose_times() == 2
    assert propose_times() == 0

    assert [where(each) for each in visits] == [("booked", doctor, each.starts_at) for each in visits]
    assert [offer.displaced for offer in open_offers()] == visits
    assert [offer.hold.starts_at for offer in open_offers()] == [at(9, days=2), at(9, 30, days=2)]
    assert {offer.hold.held_until for offer in open_offers()} == {timezone.now() + timedelta(hours=24)}


def test_else_a_colleague_of_the_department_who_costs_no_more(doctor, booked):
    near = {"starts_at": time(14), "ends_at": time(15), "department": doctor.department}
    dear, colleague = (doctor_with_hours(fee=Decimal(fee), **near) for fee in ("501", "500"))
    doctor_with_hours(time(9), time(15), fee=Decimal(1))
    for day in range(1, 9):
        enter_leave(doctor, days=day)

    propose_times()

    (offer,) = open_offers()
    assert (offer.hold.doctor, offer.hold.starts_at) == (colleague, at(14))
    assert not dear.appointments.exists()


def test_a_time_near_the_visit_is_held_until_two_hours_before(doctor):
    with time_machine.travel(at(11, days=0), tick=False):
        visit(doctor, 9, days=1)
    with time_machine.travel(at(8, days=1), tick=False):
        doctor.schedules.update(ends_at=time(12))
        enter_leave(doctor, 0, 11, days=0)
        propose_times()

        assert [(each.hold.starts_at, each.hold.held_until) for each in open_offers()] == [
            (at(11, days=0), at(9, days=0))
        ]


def test_accepting_moves_the_visit_with_its_payment(offer, booked, doctor, patient):
    for _twice in range(2):
        assert accept_instead(offer=offer, by=SYSTEM).status == "accepted"

    assert where(booked) == ("booked", doctor, at(9, days=2))
    assert list(patient.appointments.filter(status="booked")) == [booked]
    assert set(SlotClaim.objects.values_list("appointment", flat=True)) == {booked.pk}


def test_choosing_another_time_takes_an_equivalent_one_and_no_other(offer, booked, doctor):
    stranger = doctor_with_hours()
    for other, starts_at in ((stranger, at(9, days=3)), (doctor, at(9, days=1)), (doctor, at(3, days=3))):
        with pytest.raises(NotEquivalent):
            choose_other_time(offer=offer, doctor=other.reference, starts_at=starts_at, by=SYSTEM)

    for _twice in range(2):
        choose_other_time(offer=offer, doctor=doctor.reference, starts_at=at(9, 30, days=3), by=SYSTEM)

    offer.refresh_from_db()
    assert (offer.status, where(booked)) == ("chose_other", ("booked", doctor, at(9, 30, days=3)))
    assert set(SlotClaim.objects.values_list("appointment", flat=True)) == {booked.pk}


def test_cancelling_refunds_in_full_though_it_is_too_late_for_patients():
    scene = held()
    payment, appointment = paid(scene), scene.visit
    with time_machine.travel(appointment.starts_at - timedelta(minutes=70), tick=False):
        enter_leave(scene.doctor, days=0)
        propose_times()
        for _twice in range(2):
            refund_instead(offer=Offer.objects.get(displaced=appointment), by=scene.carer)

    appointment.refresh_from_db()
    assert appointment.status == "cancelled"
    assert list(Refund.objects.values_list("payment", "amount")) == [(payment.pk, payment.amount)]


def test_carers_answer_strangers_do_not(offer, patient):
    with pytest.raises(NotAllowed):
        accept_instead(offer=offer, by=carer_of(PatientFactory()))

    carer = carer_of(patient)
    assert accept_instead(offer=offer, by=carer).settled_by == carer


def test_who_does_not_answer_stays_booked_and_is_called_by_the_desk(offer, booked, doctor):
    with time_machine.travel(offer.hold.held_until, tick=False):
        offer_free_times()
        with pytest.raises(OfferIsOver):
            accept_instead(offer=offer, by=SYSTEM)

    assert list(Offer.objects.to_call()) == [offer]
    assert where(booked) == ("booked", doctor, at(9))
    assert set(SlotClaim.objects.values_list("appointment", flat=True)) == {booked.pk}
    refund_instead(offer=offer, by=SYSTEM)
    assert not Offer.objects.to_call().exists()


def test_nothing_similar_free_is_for_the_desk_too(doctor, booked):
    for day in range(1, 40):
        enter_leave(doctor, days=day)

    assert propose_times() == 1
    assert list(Offer.objects.to_call().values_list("displaced", "status")) == [(booked.pk, "nothing_free")]


@pytest.mark.parametrize("way", ["cancel", "move"])
def test_what_is_settled_elsewhere_frees_the_offered_time(offer, booked, doctor, way):
    if way == "cancel":
        cancel_appointment(appointment=booked, by=SYSTEM)
    else:
        reschedule_appointment(appointment=booked, starts_at=at(9, 30, days=3), by=SYSTEM)

    offer.refresh_from_db()
    offer.hold.refresh_from_db()
    assert (offer.status, offer.hold.status) == ("declined" if way == "cancel" else "chose_other", "expired")


def test_leave_withdrawn_leaves_the_visit_and_frees_the_offered_time(offer, booked, doctor):
    doctor.exceptions.all().delete()

    assert propose_times() == 0

    offer.refresh_from_db()
    assert (offer.status, where(booked)) == ("withdrawn", ("booked", doctor, at(9)))
    assert set(SlotClaim.objects.values_list("appointment", flat=True)) == {booked.pk}


def test_the_held_time_is_no_booking_of_its_own(offer, patient):
    with pytest.raises(AnswerTheOffer):
        confirm_booking(appointment=offer.hold, by=carer_of(patient))
    assert offer.hold.get_finish_url().startswith("/offers/")


def test_a_leave_over_offered_times_seeks_others_for_visits_and_takes_back_those_of_the_list(offer, doctor):
    entry = waits(doctor, days=(2, 2))
    offer_free_times()
    assert {each.entry or each.displaced for each in open_offers()} == {offer.displaced, entry}

    enter_leave(doctor, days=2)
    propose_times()

    (again,) = open_offers()
    assert (again, again.hold.starts_at) == (offer, at(9, days=3))
    assert list(entry.offers.values_list("status", flat=True)) == ["withdrawn"]
    entry.refresh_from_db()
    assert entry.status == "waiting"


def test_those_whose_visit_broke_come_before_those_who_wait(doctor, booked):
    waits(doctor, days=(2, 2))
    visit(doctor, 9, 30, days=2)
    enter_leave(doctor)

    propose_times()
    offer_free_times()

    assert [each.displaced for each in open_offers()] == [booked]
