from scheduling.models import Appointment
from scheduling.services import book_appointment, hold_slot
from tests.owned import Household, row_of


@row_of(Appointment)
def a_held_time(household: Household) -> Appointment:
    patient, time = household.new_patient(), household.next_time()
    return hold_slot(patient=patient, doctor=household.doctor, starts_at=time, by=household.carer)


@row_of(Appointment)
def a_booked_visit(household: Household) -> Appointment:
    """Of the patient's own, so that the doctor sees the patient."""
    patient, time = household.patient, household.next_time()
    return book_appointment(patient=patient, doctor=household.doctor, starts_at=time, by=household.carer)
