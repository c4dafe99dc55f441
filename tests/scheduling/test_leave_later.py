"""What comes after a leave was entered: holds that are booked or run out, and visits that nobody settled."""

from datetime import time, timedelta

import pytest
import time_machine

from hms.core.rights import SYSTEM
from scheduling.models import Offer
from scheduling.services import (
    confirm_booking,
    expire_holds,
    mark_missed,
    propose_times,
    refund_instead,
)
from scheduling.services.missed import count_missed
from tests.billing.rows import held
from tests.factories import at, doctor_with_hours
from tests.scheduling.admin_day import visit
from tests.scheduling.waiting_rows import enter_leave, open_offers

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S19"), pytest.mark.usefixtures("sunday_noon")]


@pytest.fixture
def doctor():
    """Two times a day."""
    return doctor_with_hours(time(9), time(10))


def test_a_time_that_is_held_when_the_leave_is_entered_gets_another_once_it_is_booked(doctor):
    hold = held(at(9, days=1), doctor=doctor).visit
    enter_leave(doctor)
    assert propose_times() == 0

    confirm_booking(appointment=hold, by=SYSTEM)

    assert propose_times() == 1
    assert [(offer.displaced, offer.hold.starts_at) for offer in open_offers()] == [(hold, at(9, days=2))]


def test_for_a_hold_that_runs_out_nothing_is_sought_any_more(doctor):
    hold = held(at(9, days=1), doctor=doctor).visit
    enter_leave(doctor)

    with time_machine.travel(hold.held_until + timedelta(minutes=1), tick=False):
        assert propose_times() == 0

    assert list(Offer.objects.values_list("status", "displaced")) == [("withdrawn", hold.pk)]


@pytest.mark.feature("S26")
def test_nobody_has_missed_a_visit_that_the_doctor_could_not_keep(doctor):
    asha = visit(doctor, 9, days=1)
    enter_leave(doctor)
    propose_times()

    with time_machine.travel(asha.ends_at + timedelta(hours=13)):
        assert (mark_missed(), count_missed(asha.patient_id)) == (0, 0)
        expire_holds(), propose_times()
        (offer,) = Offer.objects.to_call()
        refund_instead(offer=offer, by=SYSTEM)

    asha.refresh_from_db()
    assert asha.status == "cancelled"
