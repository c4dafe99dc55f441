from clinical.models import Allergy
from clinical.services import record_allergy
from tests.clinical.rows import PENICILLIN
from tests.owned import Household, row_of


@row_of(Allergy)
def an_allergy(household: Household) -> Allergy:
    return record_allergy(patient=household.treated_patient(), **PENICILLIN, by=household.doctor.user)
