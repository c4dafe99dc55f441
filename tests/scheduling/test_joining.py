"""Who may join the waiting list, change an entry and answer an offer."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from hms.core.refusals import NotAllowed
from scheduling.models import Offer
from scheduling.services import accept_offer, change_entry, decline_offer, offer_free_times
from scheduling.waiting_exceptions import AlreadyWaiting, TooManyWaiting, WaitsInThePast
from tests.factories import GuardianshipFactory, PatientFactory, carer_of, doctor_with_hours, staff
from tests.scheduling.waiting_rows import open_offers, waits

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S18"), pytest.mark.usefixtures("sunday_noon")]


@pytest.fixture
def doctor():
    return doctor_with_hours(time(9), time(10))


def test_nobody_waits_twice_for_the_same_nor_for_more_than_the_limit(doctor):
    patient = PatientFactory()
    carer = carer_of(patient)
    waits(doctor, patient=patient, by=carer)
    with pytest.raises(AlreadyWaiting):
        waits(doctor, patient=patient, by=carer)
    for _each in range(2):
        waits(doctor_with_hours(), patient=patient, by=carer)
    with pytest.raises(TooManyWaiting):
        waits(doctor_with_hours(), patient=patient, by=carer)

    assert waits(doctor_with_hours(), patient=patient, by=staff("receptionist")).status == "waiting"


def test_only_carers_who_may_book_and_the_desk_join_and_only_the_desk_says_urgent(doctor):
    patient = PatientFactory()
    for by in (GuardianshipFactory(patient=patient, may_book=False).user, carer_of(PatientFactory())):
        with pytest.raises(NotAllowed):
            waits(doctor, patient=patient, by=by)
    with pytest.raises(NotAllowed):
        waits(doctor, patient=patient, by=carer_of(patient), urgency=2)
    entry = waits(doctor, patient=patient, by=carer_of(patient))

    entry.urgency = 2
    assert change_entry(entry=entry, by=staff("receptionist")).urgency == 2
    entry.last_day = timezone.localdate() - timedelta(days=1)
    entry.first_day = entry.last_day
    with pytest.raises(WaitsInThePast):
        change_entry(entry=entry, by=staff("receptionist"))


def test_strangers_answer_no_offer(doctor):
    waits(doctor)
    offer_free_times()
    for answer in (accept_offer, decline_offer):
        with pytest.raises(NotAllowed):
            answer(offer=open_offers()[0], by=carer_of(PatientFactory()))
    assert Offer.objects.get().status == "open"
