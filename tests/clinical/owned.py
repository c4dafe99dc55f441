from clinical.models import (
    Addendum,
    Allergy,
    Diagnosis,
    EmergencyAccess,
    Encounter,
    Problem,
    Review,
    VitalSigns,
)
from clinical.services import (
    DiagnosisLine,
    add_addendum,
    open_emergency_access,
    open_encounter,
    record_allergy,
    record_problem,
    record_vitals,
    save_draft,
    sign_encounter,
)
from tests.clinical.rows import DIABETES, PENICILLIN, TEXTS, completed_visit, published, visit_today
from tests.factories import staff
from tests.owned import Household, row_of


@row_of(Allergy)
def an_allergy(household: Household) -> Allergy:
    return record_allergy(patient=household.treated_patient(), **PENICILLIN, by=household.doctor.user)


@row_of(Encounter)
def a_signed_encounter(household: Household) -> Encounter:
    doctor = household.doctor
    visit = visit_today(doctor, household.new_patient())
    encounter = open_encounter(appointment=visit, by=doctor.user)
    lines = [DiagnosisLine("Sore throat", "J02.9")]
    save_draft(encounter=encounter, **TEXTS, diagnoses=lines, by=doctor.user)
    return sign_encounter(encounter=encounter, by=doctor.user)


@row_of(Diagnosis)
def a_diagnosis(household: Household) -> Diagnosis:
    return a_signed_encounter(household).diagnoses.get()


@row_of(Addendum)
def an_addendum(household: Household) -> Addendum:
    encounter = a_signed_encounter(household)
    return add_addendum(encounter=encounter, text="Called back.", by=household.doctor.user)


@row_of(EmergencyAccess)
def an_emergency_access(household: Household) -> EmergencyAccess:
    return open_emergency_access(
        mrn=household.new_patient().mrn, reason="Unconscious on arrival", by=staff("nurse")
    )


@row_of(Problem)
def a_problem(household: Household) -> Problem:
    return record_problem(patient=household.treated_patient(), **DIABETES, by=household.doctor.user)


@row_of(VitalSigns)
def vital_signs(household: Household) -> VitalSigns:
    return record_vitals(patient=household.treated_patient(), pulse=72, by=household.doctor.user)


@row_of(Review)
def a_published_review(household: Household) -> Review:
    return published(completed_visit(household.doctor, household.new_patient()))
