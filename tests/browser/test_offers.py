"""A doctor with 20 booked patients enters leave: the desk and the patients settle all of it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from hms.core.rights import SYSTEM
from scheduling.models import Appointment, Offer
from scheduling.offer_links import link_to_offer
from scheduling.services import accept_instead, cancel_appointment, offer_free_times, propose_times
from tests.browser.rows import given_a_doctor, given_a_visit
from tests.browser.steps_staff import when_entering_leave
from tests.factories import PatientFactory, at, carer_of, staff

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def given_a_full_day(doctor, patients: int) -> list[Appointment]:
    """Tomorrow morning, every ten minutes."""
    doctor.schedules.update(slot_minutes=10, ends_at="12:30")
    return [given_a_visit(doctor, 9 + n // 6, n % 6 * 10, days=1) for n in range(patients)]


@pytest.mark.feature("S19")
def test_leave_over_twenty_visits_is_settled_with_each_patient(visitor, clock):
    doctor = given_a_doctor()
    visits = given_a_full_day(doctor, 20)
    desk = visitor(width=360)
    anita = staff("administrator", "receptionist")
    desk.logs_in_as(anita)
    when_entering_leave(desk, doctor, date(2026, 11, 24))
    desk.sees("20 patients would be outside working hours", "another time is sought for each")
    desk.presses("Save anyway")
    assert propose_times() == 20
    links = {offer.displaced_id: link_to_offer(offer) for offer in Offer.objects.all()}
    three_patients_answer(visitor, *[links[visit.pk] for visit in visits[:3]])
    for offer in Offer.objects.filter(displaced__in=visits[4:]):
        accept_instead(offer=offer, by=SYSTEM)

    clock.move_to(timezone.now() + timedelta(hours=24))
    offer_free_times()
    desk.logs_in_as(anita)
    the_desk_calls(desk, visits[3].patient)

    there = [Appointment.objects.get(pk=visit.pk) for visit in visits]
    assert [visit.status for visit in there] == ["booked", "booked", "cancelled", *["booked"] * 17]
    assert len({visit.starts_at for visit in there if visit.status == "booked"}) == 19
    assert not Offer.objects.open().exists()


def three_patients_answer(visitor, taken: str, moved: str, cancelled: str) -> None:
    """One takes the held time without JavaScript, one chooses another, and one is refunded."""
    asha = visitor(width=360, javascript=False)
    asha.opens(taken)
    asha.sees("Your visit needs another time", "Tuesday 24 November 2026, 9:00 AM")
    asha.sees("Wednesday 25 November 2026, 9:00 AM", "Dr Meera Iyer")
    asha.presses("Take this time")
    asha.sees("Your time is booked", "Wednesday 25 November 2026, 9:00 AM")
    ravi = visitor(width=360)
    ravi.opens(moved)
    ravi.page.get_by_role("radio").last.check()
    ravi.presses("Move my visit to the chosen time")
    ravi.sees("Your visit has moved")
    ravi.opens(cancelled)
    ravi.presses("Cancel and refund")
    ravi.sees("The visit is cancelled", "refunded in full")


def the_desk_calls(desk, patient) -> None:
    """Find the telephone number of whoever has not answered, and answer for them."""
    desk.opens("/admin/scheduling/offer/?show=call")
    desk.sees(patient.phone.as_international, "Not answered")
    desk.follows(f"Answer for {patient.full_name}")
    desk.ticks("9:10 AM")
    desk.presses("Move my visit to the chosen time")
    desk.sees("Your visit has moved")


@pytest.mark.feature("S18")
def test_a_patient_joins_the_list_and_takes_the_time_that_opens(visitor, clock):
    doctor = given_a_doctor()
    doctor.schedules.exclude(weekday=1).delete()
    full = given_a_full_day(doctor, 21)
    patient = PatientFactory(full_name="Asha Rao")
    asha = visitor(width=320, javascript=False)
    asha.logs_in_as(carer_of(patient))

    asha.opens(doctor.get_absolute_url())
    asha.follows("Join the waiting list")
    asha.fills(last_day="2026-11-24", earliest="10:00")
    asha.presses("Join the waiting list")
    asha.sees("You are on the waiting list", "Place in the order", "10:00 AM")
    cancel_appointment(appointment=full[0], by=SYSTEM)
    cancel_appointment(appointment=full[7], by=SYSTEM)
    assert offer_free_times() == 1
    asha.opens("/me/waiting/")
    asha.follows("See the time")
    asha.sees("A time for Asha", "Tuesday 24 November 2026, 10:10 AM", "with tax")
    asha.presses("Book this time")
    asha.sees("Your time is booked")
    asha.follows("Waiting list")
    asha.sees("No longer waiting", "Booked")
    assert patient.appointments.get().starts_at == at(10, 10)


@pytest.mark.feature("S18")
def test_the_desk_puts_a_patient_on_the_list(visitor):
    given_a_doctor()
    PatientFactory(full_name="Asha Rao")
    desk = visitor(width=360)
    desk.logs_in_as(staff("receptionist"))

    desk.opens("/admin/")
    desk.follows("Waiting list")
    desk.follows("Add waiting list entry")
    desk.picks("patient", "Asha")
    desk.picks("doctor", "Meera")
    desk.selects(urgency="Urgent")
    desk.fills(last_day="2026-11-30")
    desk.presses(r"Save")
    desk.sees("Asha Rao", "Urgent")
