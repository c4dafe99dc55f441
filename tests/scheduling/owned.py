from datetime import time

import time_machine
from django.utils import timezone

from hms.core.rights import SYSTEM
from scheduling.models import Appointment, Offer, WaitingListEntry
from scheduling.services import book_appointment, hold_slot, join_waiting_list, make_offer, mark_no_show
from tests.factories import doctor_with_hours
from tests.owned import Household, row_of


@row_of(Appointment)
def a_held_time(household: Household) -> Appointment:
    patient, time = household.new_patient(), household.next_time()
    return hold_slot(patient=patient, doctor=household.doctor, starts_at=time, by=household.carer)


@row_of(Appointment)
def a_booked_visit(household: Household) -> Appointment:
    """The appointment that lets the doctor see the patient."""
    return household.treated_patient().appointments.get()


@row_of(Appointment)
def a_missed_visit(household: Household) -> Appointment:
    patient, time = household.new_patient(), household.next_time()
    row = book_appointment(patient=patient, doctor=household.doctor, starts_at=time, by=household.carer)
    with time_machine.travel(row.ends_at):
        return mark_no_show(appointment=row, by=SYSTEM)


@row_of(Appointment)
def a_visit_by_video(household: Household) -> Appointment:
    doctor = doctor_with_hours(ends_at=time(19))
    doctor.schedules.update(mode="video")
    starts_at = household.next_time()
    patient = household.new_patient()
    return book_appointment(patient=patient, doctor=doctor, starts_at=starts_at, by=household.carer)


@row_of(WaitingListEntry)
def somebody_waiting(household: Household) -> WaitingListEntry:
    day = timezone.localtime(household.next_time()).date()
    row = WaitingListEntry(
        patient=household.new_patient(), doctor=household.doctor, first_day=day, last_day=day
    )
    return join_waiting_list(entry=row, by=household.carer)


@row_of(Offer)
def an_offer(household: Household) -> Offer:
    entry = somebody_waiting(household)
    return make_offer(entry=entry, doctor=household.doctor, starts_at=household.next_time(), by=SYSTEM)
