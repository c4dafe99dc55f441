from scheduling.models import Appointment
from scheduling.services import hold_slot
from tests.owned import Household, row_of


@row_of(Appointment)
def a_held_time(household: Household) -> Appointment:
    patient, time = household.new_patient(), household.next_time()
    return hold_slot(patient=patient, doctor=household.doctor, starts_at=time, by=household.carer)


@row_of(Appointment)
def a_booked_visit(household: Household) -> Appointment:
    """The appointment that lets the doctor see the patient."""
    return household.treated_patient().appointments.get()
