"""Prescriptions are written, checked, signed by the visit's doctor, dispensed, withdrawn and repeated."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from clinical.exceptions import (
    DoseRefused,
    DraftChanged,
    DraftNotEmpty,
    MedicineInactive,
    MedicineUnknown,
    NothingToRepeat,
    NotTreating,
    NotYourVisit,
    PrescriptionNotValid,
    ReasonMissing,
    ScheduleUnclear,
)
from clinical.models import Medicine, Prescription
from clinical.prescribing.line import PrescriptionLine
from clinical.services import (
    dispense_prescription,
    repeat_prescription,
    sign_prescription,
    withdraw_prescription,
    write_prescription,
)
from clinical.services.prescriptions import fingerprint_of
from clinical.services.signing import check_draft
from hms.core.refusals import NotAllowed
from hms.core.states import StepRefused
from scheduling.services import book_appointment
from tests.clinical.prescribing import medicine, sign, write
from tests.clinical.rows import doctor_at_work, patient_of, visit_today
from tests.factories import NurseFactory, PatientFactory, at, carer_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C04"), pytest.mark.feature("C14")]
PARACETAMOL = "dolo 650 1-1-1 3 days after food"


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def visit(doctor):
    return visit_today(doctor, PatientFactory(gender="male"))


@pytest.fixture
def patient(visit):
    return visit.patient


def lines(prescription: Prescription) -> list[tuple]:
    columns = (
        "position",
        "name",
        "brand",
        "strength",
        "schedule",
        "duration_days",
        "quantity",
        "instructions",
    )
    return list(prescription.items.order_by("position").values_list(*columns))


def texts(prescription: Prescription) -> list[str]:
    return [each.text for each in check_draft(prescription) if each.needs_reason]


def test_a_draft_is_written_from_typed_lines_with_computed_quantities(patient):
    draft = write(
        patient,
        PARACETAMOL,
        "syp amoxicillin 125 7.5 ml TDS for 5 days",
        "prednisolone 10 5 days 2-0-0 then 5 days 1-0-0",
        "salbutamol inhaler 2 puffs sos max 4 a day",
        "Dashmool kadha 1-0-1",
    )

    assert draft.status == "draft"
    assert lines(draft) == [
        (1, "paracetamol", "Dolo 650", "650 mg", "1-1-1", 3, 9, "after food"),
        (2, "amoxicillin", "", "125 mg/5 mL", "1-1-1", 5, 113, ""),
        (3, "prednisolone", "", "10 mg", "2-0-0 for 5 days, then 1-0-0 for 5 days", 10, 15, ""),
        (4, "salbutamol", "", "100 mcg/dose", "as needed at most 4 a day", None, 1, ""),
        (5, "Dashmool kadha", "", "", "1-0-1", None, None, ""),
    ]


def test_writing_again_changes_the_same_draft_and_only_what_differs(patient):
    first = write(patient, PARACETAMOL, "cetirizine 10 0-0-1 5d", "ors once")
    keys = list(first.items.order_by("position").values_list("pk", flat=True))

    again = write(patient, PARACETAMOL, "cetirizine 10 0-0-1 7d", weight_kg=Decimal("71.5"))

    assert (again, again.weight_kg) == (first, Decimal("71.5"))
    assert list(again.items.order_by("position").values_list("pk", "duration_days")) == [
        (keys[0], 3),
        (keys[1], 7),
    ]


def test_a_draft_that_somebody_else_changed_is_not_overwritten(doctor, patient, visit):
    seen = fingerprint_of(None)
    write(patient, PARACETAMOL)

    for old in (seen, "something else"):
        with pytest.raises(DraftChanged):
            write_prescription(appointment=visit, items=[], seen=old, by=doctor.user)

    draft = Prescription.objects.get()
    write_prescription(appointment=visit, items=[], seen=fingerprint_of(draft), by=doctor.user)
    assert lines(draft) == []


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ({"schedule": "when it hurts", "name": "Dashmool"}, ScheduleUnclear),
        ({"schedule": "1-0-1", "name": " "}, MedicineUnknown),
        ({"schedule": "1-0-1", "name": "Dashmool", "dose": Decimal(0)}, DoseRefused),
        ({"schedule": "1-0-1", "name": "Dashmool", "dose": Decimal(100_000)}, DoseRefused),
    ],
)
def test_a_line_that_says_too_little_is_refused_and_nothing_is_written(line, refusal, doctor, visit):
    good = PrescriptionLine(schedule="1-0-1", name="Triphala")

    with pytest.raises(refusal):
        write_prescription(appointment=visit, items=[good, PrescriptionLine(**line)], by=doctor.user)

    assert not Prescription.objects.exists()


def test_a_medicine_that_left_the_formulary_is_not_prescribed(doctor, visit):
    Medicine.objects.filter(name="nimesulide").update(is_active=False)

    with pytest.raises(MedicineInactive):
        write_prescription(
            appointment=visit,
            items=[PrescriptionLine(schedule="1-0-1", medicine=medicine("nimesulide"))],
            by=doctor.user,
        )


def test_a_repeat_of_a_running_prescription_is_no_duplicate(doctor, patient):
    sign(write(patient, "pantoprazole 40 1-0-0 30 days"))
    book_appointment(patient=patient, doctor=doctor, starts_at=at(11, days=2), by=staff("receptionist"))
    later = patient.appointments.get(starts_at=at(11, days=2))

    draft = repeat_prescription(appointment=later, by=doctor.user)

    assert lines(draft) == [(1, "pantoprazole", "", "40 mg", "1-0-0", 30, 30, "")]
    assert texts(draft) == []
    with pytest.raises(DraftNotEmpty):
        repeat_prescription(appointment=later, by=doctor.user)


def test_there_is_nothing_to_repeat_of_other_doctors_withdrawn_or_draft_prescriptions(doctor, patient, visit):
    withdraw_prescription(
        prescription=sign(write(patient, PARACETAMOL)), reason="Wrong patient", by=doctor.user
    )
    other = patient_of(doctor)
    foreign = sign(write(other, PARACETAMOL))

    for earlier in (None, foreign):
        with pytest.raises(NothingToRepeat):
            repeat_prescription(appointment=visit, earlier=earlier, by=doctor.user)


def test_only_the_doctor_of_the_visit_writes_and_signs(doctor, patient, visit):
    draft = write(patient, PARACETAMOL)
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    colleague = doctor_at_work()
    book_appointment(patient=patient, doctor=colleague, starts_at=at(11), by=staff("receptionist"))
    others = {
        NotAllowed: [staff("receptionist"), staff("administrator"), nurse.user, carer_of(patient)],
        NotTreating: [doctor_at_work().user],
        NotYourVisit: [colleague.user],
    }

    for refusal, people in others.items():
        for by in people:
            with pytest.raises(refusal):
                write_prescription(appointment=visit, items=[], by=by)
            with pytest.raises(refusal):
                sign_prescription(prescription=draft, by=by)

    assert lines(draft) != []
    assert Prescription.objects.get().status == "draft"


def test_a_signed_prescription_is_dispensed_by_a_nurse_and_withdrawn_by_its_doctor(doctor, patient):
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    signed = sign(write(patient, PARACETAMOL))

    dispensed = dispense_prescription(prescription=signed, by=nurse.user)
    with pytest.raises(ReasonMissing):
        withdraw_prescription(prescription=signed, reason=" ", by=doctor.user)
    with pytest.raises(NotAllowed):
        withdraw_prescription(prescription=signed, reason="Rash", by=nurse.user)
    withdrawn = withdraw_prescription(prescription=signed, reason="Rash", by=doctor.user)

    assert (dispensed.status, dispensed.dispensed_by) == ("dispensed", nurse.user)
    assert (withdrawn.status, withdrawn.withdrawal_reason) == ("withdrawn", "Rash")
    with pytest.raises(StepRefused):
        dispense_prescription(prescription=signed, by=nurse.user)
    with pytest.raises(StepRefused):
        sign_prescription(prescription=signed, by=doctor.user)


def test_nothing_is_dispensed_after_the_last_day_of_validity(doctor, patient):
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    signed = sign(write(patient, PARACETAMOL))

    with time_machine.travel(timezone.now() + timedelta(days=32)):
        visit_today(doctor, patient)
        with pytest.raises(PrescriptionNotValid):
            dispense_prescription(prescription=signed, by=nurse.user)
