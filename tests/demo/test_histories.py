"""The records of the demo tell the same story as its visits; one hospital is built for all tests here."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.test import TestCase

from accounts.models import Patient
from clinical.models import (
    Allergy,
    CurrentMedicine,
    Diagnosis,
    DiagnosisTerm,
    Encounter,
    LabResult,
    Prescription,
    Problem,
)
from scheduling.models import Appointment

LEAST_MG_PER_KG, MOST_MG_PER_KG = Decimal(12), Decimal(15)


@pytest.mark.feature("O01")
class TestHistories(TestCase):
    @classmethod
    def setUpTestData(cls):
        call_command("seed_demo", doctors=6, patients=30, appointments=120, verbosity=0)

    def test_every_completed_visit_has_a_record_that_its_doctor_signed_at_its_end(self):
        completed = Appointment.objects.filter(status="completed").select_related("encounter", "doctor")
        for visit in completed:
            record = visit.encounter
            assert (record.recorded_at, record.signed_at) == (visit.started_at, visit.ended_at)
            assert record.recorded_by == record.signed_by == visit.doctor.user
            assert visit.symptoms in ("", record.complaint)
            assert record.examination
            assert record.plan
            assert record.advice
        assert Encounter.objects.count() == len(completed)

    def test_diagnoses_are_terms_of_the_list_and_long_ones_are_known(self):
        terms = set(DiagnosisTerm.objects.values_list("title", "code"))
        problems = {(row.patient_id, row.title): row.since_on for row in Problem.objects.all()}
        for diagnosis in Diagnosis.objects.select_related("encounter"):
            assert (diagnosis.title, diagnosis.code) in terms
            began = problems.get((diagnosis.patient_id, diagnosis.title))
            if began and began.year < diagnosis.encounter.signed_at.year:
                assert f"{diagnosis.title} since {began.year}" in diagnosis.encounter.history

    def test_lists_are_recorded_at_visits_and_not_when_the_demo_was_made(self):
        rows = [*Allergy.objects.all(), *Problem.objects.all(), *CurrentMedicine.objects.all()]
        visits = set(Appointment.objects.values_list("patient", "starts_at"))

        assert {(row.patient_id, row.recorded_at) for row in rows} <= visits

    def test_prescriptions_are_signed_at_their_visits_and_new_doses_alone_meet_findings(self):
        prescriptions = Prescription.objects.select_related("appointment")
        findings = [finding for row in prescriptions for finding in row.findings if finding["reason"]]

        assert prescriptions
        assert all(row.signed_at == row.appointment.ended_at for row in prescriptions)
        assert {finding["key"].split(":")[0] for finding in findings} <= {"duplicate", "duplicate_class"}

    def test_the_mother_of_patient_has_a_history_in_which_diabetes_and_blood_pressure_come_down(self):
        mother = Patient.objects.get(full_name="Lakshmi Krishnan")
        records = Encounter.objects.filter(patient=mother).order_by("signed_at")
        hba1c = LabResult.objects.filter(patient=mother, order__test__code="hba1c").order_by("recorded_at")
        values = list(hba1c.values_list("value", flat=True))
        items = Prescription.objects.filter(patient=mother).values_list("items__name", flat=True)
        taken = CurrentMedicine.objects.filter(patient=mother).values_list("medicine__name", flat=True)

        assert len(values) >= 3
        assert values == sorted(values, reverse=True)
        assert f"HbA1c was {values[0]:.1f} %" in records[1].assessment
        assert set(items) >= {"metformin", "metformin prolonged-release", "amlodipine", "telmisartan"}
        assert set(taken) <= set(items)
        assert set(mother.problem_set.values_list("code", flat=True)) == {"E11.9", "I10"}

    def test_fever_medicine_of_children_fits_their_weight(self):
        for row in Prescription.objects.filter(items__name="paracetamol", items__form="suspension"):
            item = row.items.get(name="paracetamol")
            mg = item.dose * (25 if item.strength.startswith("125") else 50)
            assert LEAST_MG_PER_KG * row.weight_kg <= mg <= MOST_MG_PER_KG * row.weight_kg
