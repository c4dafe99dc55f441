"""What a patient takes: of the formulary or in the patient's words, until it is stopped."""

import pytest

from clinical.exceptions import MedicineUnknown, NotTreating, ReasonMissing
from clinical.models import CurrentMedicine
from clinical.services import (
    mark_current_medicine_as_error,
    record_current_medicine,
    stop_current_medicine,
)
from hms.core.refusals import NotAllowed
from hms.core.states import StepRefused
from tests.clinical.prescribing import medicine
from tests.clinical.rows import doctor_at_work, patient_of
from tests.factories import carer_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C03")]


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def patient(doctor):
    return patient_of(doctor)


def rows() -> list[tuple]:
    found = CurrentMedicine.objects.order_by("pk")
    return [(str(row), row.dosage, row.source, row.status, row.status_reason) for row in found]


def test_a_medicine_is_recorded_with_or_without_the_formulary_and_once(patient, doctor):
    metformin = medicine("metformin", strength="500 mg")
    given = {"patient": patient, "by": doctor.user}

    record_current_medicine(medicine=metformin, dosage="1-0-1", source="elsewhere", **given)
    record_current_medicine(name="  Triphala  powder", **given)
    again = record_current_medicine(name="triphala POWDER", **given)

    assert again.name == "Triphala powder"
    assert rows() == [
        ("metformin, tablet 500 mg", "1-0-1", "elsewhere", "active", ""),
        ("Triphala powder", "", "patient", "active", ""),
    ]
    with pytest.raises(MedicineUnknown):
        record_current_medicine(name=" ", **given)


def test_it_is_stopped_or_marked_as_an_error_and_stays(patient, doctor):
    current = record_current_medicine(patient=patient, name="Triphala", by=doctor.user)
    wrong = record_current_medicine(patient=patient, name="Digoxin", by=doctor.user)

    stop_current_medicine(current=current, reason="Diarrhoea", by=doctor.user)
    with pytest.raises(ReasonMissing):
        mark_current_medicine_as_error(current=wrong, reason=" ", by=doctor.user)
    mark_current_medicine_as_error(current=wrong, reason="Other patient", by=doctor.user)

    assert rows() == [
        ("Triphala", "", "patient", "stopped", "Diarrhoea"),
        ("Digoxin", "", "patient", "entered_in_error", "Other patient"),
    ]
    assert CurrentMedicine.objects.filter(stopped_on__isnull=False).get() == current
    with pytest.raises(StepRefused):
        stop_current_medicine(current=wrong, by=doctor.user)


def test_only_those_who_treat_the_patient_record_and_see_it(patient, doctor):
    current = record_current_medicine(patient=patient, name="Triphala", by=doctor.user)
    others = {NotAllowed: [staff("receptionist"), carer_of(patient)], NotTreating: [doctor_at_work().user]}

    for refusal, people in others.items():
        for by in people:
            with pytest.raises(refusal):
                record_current_medicine(patient=patient, name="Digoxin", by=by)
            with pytest.raises(refusal):
                stop_current_medicine(current=current, by=by)

    seen = [doctor.user, carer_of(patient), *[by for people in others.values() for by in people]]
    assert [CurrentMedicine.objects.visible_to(user).count() for user in seen] == [1, 1, 0, 1, 0]
