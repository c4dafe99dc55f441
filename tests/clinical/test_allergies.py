"""Allergies are recorded once, reassessed by steps and never deleted; "none known" is a statement."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from clinical.exceptions import AllergiesOnList, AlreadyOnList, NotTreating, ReasonMissing
from clinical.models import Allergy
from clinical.services import reassess_allergy, record_allergy, record_no_known_allergies
from clinical.statuses import AllergyStatus
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from scheduling.services import cancel_appointment
from tests.clinical.rows import PEANUTS, PENICILLIN, doctor_at_work, patient_of, visit_today
from tests.factories import NurseFactory, carer_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C03")]


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def patient(doctor):
    return patient_of(doctor)


@pytest.fixture
def penicillin(patient, doctor):
    return record_allergy(patient=patient, **PENICILLIN, by=doctor.user)


def on_list(patient) -> list[tuple]:
    rows = Allergy.objects.filter(patient=patient).order_by("pk")
    return list(rows.values_list("substance", "status", "current_key"))


def test_an_allergy_is_recorded_as_unconfirmed_with_its_author(patient, doctor):
    allergy = record_allergy(
        patient=patient, substance="  Penicillin  G ", category="medicine", criticality="high", by=doctor.user
    )

    allergy.refresh_from_db()
    assert (allergy.substance, allergy.status, allergy.recorded_by) == (
        "Penicillin G",
        AllergyStatus.UNCONFIRMED,
        doctor.user,
    )
    assert record_allergy(patient=patient, **PEANUTS, is_confirmed=True, by=doctor.user).status == "confirmed"


def test_recording_and_reassessing_are_logged_under_the_patient(patient, doctor, penicillin):
    reassess_allergy(allergy=penicillin, status="confirmed", by=doctor.user)

    entries = AuditEvent.objects.filter(model="clinical.allergy", patient_id=patient.pk).order_by("pk")
    assert [(entry.action, entry.patient_id) for entry in entries] == [
        ("create", patient.pk),
        ("update", patient.pk),
    ]
    assert entries[1].changes["status"] == ["unconfirmed", "confirmed"]


def test_the_same_substance_is_on_the_list_once(patient, doctor, penicillin):
    with pytest.raises(AlreadyOnList):
        record_allergy(patient=patient, **PENICILLIN | {"substance": "PENICILLIN "}, by=doctor.user)

    other = record_allergy(patient=patient_of(doctor), **PENICILLIN, by=doctor.user)
    assert other.status == "unconfirmed"
    assert on_list(patient) == [("Penicillin", "unconfirmed", "penicillin")]


def test_the_database_refuses_a_second_current_row_and_a_key_without_one(patient, penicillin):
    again = Allergy(patient=patient, **PENICILLIN, current_key="penicillin")

    for row in (again, Allergy(patient=patient, **PEANUTS, status="refuted", current_key="peanuts")):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_an_allergy_that_is_no_longer_current_may_be_recorded_again(patient, doctor, penicillin):
    reassess_allergy(allergy=penicillin, status="resolved", by=doctor.user)

    record_allergy(patient=patient, **PENICILLIN, by=doctor.user)

    assert on_list(patient) == [("Penicillin", "resolved", None), ("Penicillin", "unconfirmed", "penicillin")]
    with pytest.raises(AlreadyOnList):
        reassess_allergy(allergy=penicillin, status="confirmed", by=doctor.user)


@pytest.mark.parametrize("status", ["refuted", "entered_in_error"])
def test_a_refutation_and_an_error_need_a_reason(status, doctor, penicillin):
    with pytest.raises(ReasonMissing):
        reassess_allergy(allergy=penicillin, status=status, reason=" ", by=doctor.user)

    changed = reassess_allergy(allergy=penicillin, status=status, reason="Skin test", by=doctor.user)

    assert (changed.status, changed.status_reason, changed.current_key) == (status, "Skin test", None)


def test_an_allergy_entered_in_error_cannot_be_changed(doctor, penicillin):
    reassess_allergy(allergy=penicillin, status="entered_in_error", reason="Other patient", by=doctor.user)

    with pytest.raises(StepRefused):
        reassess_allergy(allergy=penicillin, status="confirmed", by=doctor.user)


def test_none_known_is_a_statement_and_not_an_empty_list(patient, doctor):
    assert on_list(patient) == []

    statement = record_no_known_allergies(patient=patient, by=doctor.user)
    again = record_no_known_allergies(patient=patient, by=doctor.user)

    assert again == statement
    assert on_list(patient) == [("", "unconfirmed", "")]
    assert str(statement) == "No known allergies"


def test_an_allergy_refutes_the_statement_that_none_is_known(patient, doctor):
    record_no_known_allergies(patient=patient, by=doctor.user)

    record_allergy(patient=patient, **PENICILLIN, by=doctor.user)

    assert on_list(patient) == [("", "refuted", None), ("Penicillin", "unconfirmed", "penicillin")]


def test_none_known_is_refused_beside_an_allergy(patient, doctor, penicillin):
    with pytest.raises(AllergiesOnList):
        record_no_known_allergies(patient=patient, by=doctor.user)

    reassess_allergy(allergy=penicillin, status="resolved", by=doctor.user)
    assert record_no_known_allergies(patient=patient, by=doctor.user).is_none_known


def test_the_statement_is_not_restored_beside_an_allergy(patient, doctor):
    statement = record_no_known_allergies(patient=patient, by=doctor.user)
    record_allergy(patient=patient, **PENICILLIN, by=doctor.user)

    with pytest.raises(AllergiesOnList):
        reassess_allergy(allergy=statement, status="unconfirmed", by=doctor.user)


@pytest.mark.parametrize("missing", ["substance", "category", "criticality"])
def test_an_allergy_without_substance_category_or_risk_is_refused(missing, patient, doctor):
    with pytest.raises(ValidationError, match="Enter substance, category and risk"):
        record_allergy(patient=patient, **PENICILLIN | {missing: ""}, by=doctor.user)


def test_a_nurse_of_the_doctor_records_an_allergy_and_nobody_else(patient, doctor, penicillin):
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    visit_today(doctor, patient)
    no_right = [staff("receptionist"), staff("administrator"), carer_of(patient)]
    no_visit = [doctor_at_work().user, staff("nurse"), staff("doctor", is_superuser=True)]

    for refusal, people in ((NotAllowed, no_right), (NotTreating, no_visit)):
        for by in people:
            with pytest.raises(refusal):
                record_allergy(patient=patient, **PEANUTS, by=by)
            with pytest.raises(refusal):
                record_no_known_allergies(patient=patient, by=by)
            with pytest.raises(refusal):
                reassess_allergy(allergy=penicillin, status="confirmed", by=by)

    assert record_allergy(patient=patient, **PEANUTS, by=nurse.user).recorded_by == nurse.user
    assert reassess_allergy(allergy=penicillin, status="confirmed", by=SYSTEM).status == "confirmed"


def test_a_cancelled_appointment_gives_no_right_to_record(patient, doctor):
    cancel_appointment(appointment=patient.appointments.get(), by=staff("receptionist"))

    with pytest.raises(NotTreating):
        record_allergy(patient=patient, **PENICILLIN, by=doctor.user)
