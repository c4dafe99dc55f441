from accounts.models import Guardianship, Patient
from tests.owned import Household, row_of


@row_of(Patient)
def a_patient(household: Household) -> Patient:
    return household.patient


@row_of(Guardianship)
def care_for_somebody_else(household: Household) -> Guardianship:
    return household.new_patient().guardianships.get()
