from clinical.models import (
    Addendum,
    Allergy,
    Attachment,
    Certificate,
    CurrentMedicine,
    Diagnosis,
    DocumentCode,
    EmergencyAccess,
    Encounter,
    LabOrder,
    LabResult,
    Prescription,
    PrescriptionItem,
    Problem,
    Review,
    VitalSigns,
)
from clinical.services import (
    DiagnosisLine,
    add_addendum,
    attach_file,
    issue_certificate,
    issue_code,
    open_emergency_access,
    open_encounter,
    record_allergy,
    record_current_medicine,
    record_problem,
    record_vitals,
    save_draft,
    sign_encounter,
)
from tests.clinical.lab_rows import acknowledged, ordered
from tests.clinical.prescribing import sign, write
from tests.clinical.rows import (
    DIABETES,
    PENICILLIN,
    REFERRAL,
    TEXTS,
    completed_visit,
    published,
    visit_of,
    visit_today,
)
from tests.clinical.uploads import upload
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


@row_of(LabOrder)
def a_lab_order(household: Household) -> LabOrder:
    (order,) = ordered(household.doctor, "hb", patient=household.treated_patient())
    return order


@row_of(LabResult)
def a_lab_result(household: Household) -> LabResult:
    return acknowledged(household.doctor, patient=household.treated_patient())


@row_of(CurrentMedicine)
def a_current_medicine(household: Household) -> CurrentMedicine:
    return record_current_medicine(
        patient=household.treated_patient(), name="Metformin", by=household.doctor.user
    )


@row_of(Prescription)
def a_prescription(household: Household) -> Prescription:
    household.treated_patient()
    return sign(write(household.patient, "paracetamol 500 1-0-1 3 days"))


@row_of(PrescriptionItem)
def an_item(household: Household) -> PrescriptionItem:
    household.treated_patient()
    return sign(write(household.patient, "cetirizine 10 0-0-1 5 days")).items.get()


@row_of(Attachment)
def a_file(household: Household) -> Attachment:
    return attach_file(
        patient=household.treated_patient(),
        title="Blood test",
        kind="report",
        upload=upload(),
        is_released=True,
        by=household.doctor.user,
    )


@row_of(Certificate)
def a_letter(household: Household) -> Certificate:
    visit = visit_of(household.new_patient(), household.doctor)
    return issue_certificate(appointment=visit, **REFERRAL, by=household.doctor.user)


@row_of(DocumentCode)
def a_document_code(household: Household) -> DocumentCode:
    return issue_code(
        patient=household.treated_patient(), kind="letter", issuer="Dr. Asha Rao", by=household.doctor.user
    )


@row_of(Review)
def a_published_review(household: Household) -> Review:
    return published(completed_visit(household.doctor, household.new_patient()))
