"""One patient with a row of each clinical kind, whose texts all hold a word found nowhere else."""

from dataclasses import dataclass
from datetime import time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import CharField, QuerySet, TextField
from django.utils import timezone

from accounts.models import Guardianship, Patient, PatientOwned, PatientRecord, User
from accounts.models.owned import patient_owned_models
from clinical.models import DocumentCode, LabOrder, LabTest, OrderSet, Phrase, PrescriptionTemplate
from clinical.services import (
    DiagnosisLine,
    Finding,
    acknowledge_result,
    add_addendum,
    answer_review,
    attach_file,
    collect_sample,
    enter_result,
    issue_certificate,
    moderate_review,
    open_emergency_access,
    open_encounter,
    order_tests,
    record_allergy,
    record_current_medicine,
    record_problem,
    record_vitals,
    release_result,
    save_draft,
    sign_encounter,
    verify_result,
    write_review,
)
from hms.core.rights import SYSTEM
from scheduling.models import Appointment, Doctor
from tests.clinical.prescribing import sign, write
from tests.clinical.rows import REFERRAL, TEXTS, completed_visit, visit_of, visit_today
from tests.clinical.uploads import upload
from tests.factories import (
    GuardianshipFactory,
    NurseFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    at,
    carer_of,
    doctor_with_hours,
    staff,
)

WORD = "Quizzletharn"
PRIVATE_WORD = "Vorblimskey"
PULSE = 137
REVIEW = "Listened well."


@dataclass
class Scene:
    doctor: Doctor
    patient: Patient
    people: dict[str, User]
    rows: dict[str, PatientOwned]


def make_scene() -> Scene:
    doctor = doctor_with_hours(ends_at=time(19), user=staff("doctor"))
    own = GuardianshipFactory(relation="self").user
    patient = own.guardianships.get().patient
    completed = completed_visit(doctor, patient)
    visit = visit_of(patient, doctor)
    Appointment.objects.filter(pk=visit.pk).update(symptoms=f"{WORD} at night")
    rows = found_at(visit) | worked_by_laboratory(visit) | written_for(visit)
    rows |= {"review": reviewed(completed, own), "visit": visit, "completed visit": completed}
    rows["emergencyaccess"] = open_emergency_access(
        mrn=patient.mrn, reason=f"{WORD} and unconscious", by=staff("nurse")
    )
    people = people_around(doctor, patient, own)
    rows["next visit"] = patient.appointments.latest("starts_at")
    held = visit_today(doctor, patient, starts_at=at(16, days=3), status="held", held_until=at(17, days=3))
    rows["held visit"] = held
    patient.appointments.update(symptoms=f"{WORD} at night")
    fill_other_texts(patient)
    return Scene(doctor, patient, people, rows)


def found_at(visit: Appointment) -> dict[str, PatientRecord]:
    patient, by = visit.patient, visit.doctor.user
    encounter = open_encounter(appointment=visit, by=by)
    texts = {name: f"{WORD} {name}" for name in TEXTS if name != "follow_up_on"}
    texts |= {"private_note": PRIVATE_WORD, "follow_up_on": None}
    save_draft(encounter=encounter, **texts, diagnoses=[DiagnosisLine(f"{WORD} fever")], by=by)
    encounter = sign_encounter(encounter=encounter, by=by)
    add_addendum(encounter=encounter, text=f"{WORD} called back", by=by)
    return {
        "encounter": encounter,
        "allergy": record_allergy(
            patient=patient, substance=f"{WORD} pollen", category="food", criticality="high",
            reaction=f"{WORD} rash", by=by,
        ),
        "problem": record_problem(
            patient=patient, title=f"{WORD} ache", kind="condition", said_by="patient", note=WORD, by=by
        ),
        "vitalsigns": record_vitals(patient=patient, appointment=visit, pulse=PULSE, by=by),
        "currentmedicine": record_current_medicine(
            patient=patient, name=f"{WORD} syrup", dosage=f"{WORD} daily", by=by
        ),
    }  # fmt: skip


def worked_by_laboratory(visit: Appointment) -> dict[str, PatientRecord]:
    """An acknowledged report; one that waits with the doctor, and one to be taken, are there too."""
    tests = LabTest.objects.filter(kind="text")[:3]
    orders = order_tests(appointment=visit, tests=tests, question=f"{WORD}?", by=visit.doctor.user)
    results = [reported(order) for order in orders[:2]]
    note = f"{WORD} is well"
    result = acknowledge_result(result=results[0], note=note, by=visit.doctor.user)
    return {"laborder": LabOrder.objects.get(pk=orders[0].pk), "labresult": result}


def reported(order: LabOrder):
    collect_sample(orders=[order], by=SYSTEM)
    result = enter_result(
        order=order, finding=Finding(text=f"{WORD} grew", flag="normal"), by=staff("lab_technician")
    )
    return release_result(result=verify_result(result=result, by=SYSTEM), by=SYSTEM)


def written_for(visit: Appointment) -> dict[str, PatientRecord]:
    by = visit.doctor.user
    letter = issue_certificate(
        appointment=visit, **REFERRAL | {"text": f"{WORD} please"}, identification_mark=WORD, by=by
    )
    file = upload(name=f"{WORD}.pdf")
    attachment = attach_file(
        patient=visit.patient, appointment=visit, title=f"{WORD} scan", kind="report", upload=file,
        is_released=True, by=by,
    )  # fmt: skip
    prescription = sign(write(visit.patient, "paracetamol 500 1-0-1 3 days"))
    PrescriptionTemplate.objects.create(doctor=visit.doctor, name="Fever", lines="dolo 650 sos")
    Phrase.objects.create(doctor=visit.doctor, abbreviation="rest", text="Rest at home")
    OrderSet.objects.create(doctor=visit.doctor, name="Fever", test_lines="CBC")
    return {"certificate": letter, "attachment": attachment, "prescription": prescription}


def reviewed(visit: Appointment, own: User) -> PatientRecord:
    review = write_review(appointment=visit, stars=4, words=REVIEW, by=own)
    review = moderate_review(review=review, status="published", by=staff("administrator"))
    return answer_review(review=review, answer="Thank you.", by=visit.doctor.user)


def people_around(doctor: Doctor, patient: Patient, own: User) -> dict[str, User]:
    colleague, covering = (doctor_with_hours(user=staff("doctor")) for _ in range(2))
    visit_today(colleague, patient, starts_at=at(12, days=1), status="booked")
    now, hours = timezone.now(), timedelta(hours=3)
    ScheduleExceptionFactory(doctor=doctor, starts_at=now - hours, ends_at=now + hours, covered_by=covering)
    revoked = carer_of(patient, relation="spouse")
    Guardianship.objects.filter(user=revoked).update(revoked_at=now - hours)
    return {
        "own doctor": doctor.user,
        "colleague": colleague.user,
        "covering doctor": covering.user,
        "nurse today": nurse_of(doctor),
        "nurse tomorrow": nurse_of(colleague),
        "laboratory": staff("lab_technician"),
        "reception": staff("receptionist"),
        "billing": staff("billing_clerk"),
        "auditor": staff("auditor"),
        "administrator": staff("administrator"),
        "patient": own,
        "guardian": carer_of(patient, relation="child"),
        "payer": carer_of(patient, relation="spouse", may_see_records=False, may_book=False),
        "revoked guardian": revoked,
        "stranger": carer_of(PatientFactory()),
    }


def nurse_of(doctor: Doctor) -> User:
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    return nurse.user


def fill_other_texts(patient: Patient) -> None:
    """Put the word into each text that no service filled in above, where the constraints allow one."""
    for model in patient_owned_models():
        if model._meta.app_label != "clinical" or model is DocumentCode or model.__name__ == "Review":
            continue
        rows = QuerySet(model).filter(**{model.to_patient: patient.pk})
        for column in model._meta.concrete_fields:
            is_text = isinstance(column, CharField | TextField) and not column.choices and not column.unique
            if not is_text or (column.max_length or 999) < 2 * len(WORD) or column.name == "private_note":
                continue
            try:
                with transaction.atomic():
                    rows.filter(**{f"{column.name}__in": ["", None]}).update(**{column.name: WORD})
            except IntegrityError:
                continue
