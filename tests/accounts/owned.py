from accounts.models import DuplicatePair, Guardianship, Patient
from accounts.services import decide_pair
from tests.owned import Household, row_of


@row_of(Patient)
def a_patient(household: Household) -> Patient:
    return household.patient


@row_of(Guardianship)
def care_for_somebody_else(household: Household) -> Guardianship:
    return household.new_patient().guardianships.get()


@row_of(DuplicatePair)
def a_patient_who_is_not_another_one(household: Household) -> DuplicatePair:
    one, other, desk = household.new_patient(), household.new_patient(), household.doctor.user
    return decide_pair(one=one, other=other, status="different", reason="Twins", by=desk)
