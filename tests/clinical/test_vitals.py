"""Vital signs are recorded within wide limits, never changed, and marked when entered in error."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import AuditEvent
from clinical.exceptions import (
    AppointmentOfAnother,
    DiastolicTooHigh,
    ImpossibleValue,
    MeasuredAtImpossible,
    NothingMeasured,
    NotTreating,
    ReasonMissing,
    SignedIsFinal,
)
from clinical.models import VitalSigns
from clinical.services import record_past_vitals, record_vitals, withdraw_vitals
from clinical.vitals.measures import MEASURES
from hms.core.refusals import KeyReused, NotAllowed
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from tests.clinical.rows import doctor_at_work, patient_of, visit_today
from tests.factories import NurseFactory, PatientFactory, at, carer_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C02")]


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def patient(doctor):
    return patient_of(doctor)


def possible(measure, value) -> dict:
    """Values that the database accepts together with this one."""
    pair = {"systolic": {"diastolic": 0}, "diastolic": {"systolic": 350}}
    kind = {"glucose_kind": "random"} if measure.name == "glucose_mg_dl" else {}
    return {measure.name: value} | pair.get(measure.name, {}) | kind


def is_accepted(patient, **values) -> bool:
    try:
        with transaction.atomic():
            VitalSigns(patient=patient, **values).save()
    except IntegrityError:
        return False
    return True


def test_what_was_measured_is_recorded_with_author_visit_and_time(patient, doctor):
    visit = visit_today(doctor, patient)

    vitals = record_vitals(
        patient=patient,
        appointment=visit,
        pulse=250,
        weight_kg=Decimal("3.25"),
        glucose_mg_dl=90,
        by=doctor.user,
    )

    vitals.refresh_from_db()
    assert (vitals.pulse, vitals.weight_kg, vitals.glucose_kind) == (250, Decimal("3.25"), "random")
    assert (vitals.appointment, vitals.recorded_by, vitals.status) == (visit, doctor.user, "recorded")
    assert timezone.now() - vitals.measured_at < timedelta(minutes=1)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_service_and_database_refuse_beyond_the_limits_and_accept_them(measure, patient, doctor):
    step = Decimal(1).scaleb(-measure.decimals)
    beyond = [measure.high + step] + ([measure.low - step] if measure.low else [])

    for value in beyond:
        with pytest.raises(ImpossibleValue):
            record_vitals(patient=patient, **possible(measure, value), by=doctor.user)
        assert not is_accepted(patient, **possible(measure, value))
    for value in (measure.low, measure.high):
        if measure.name != "diastolic" or value:
            assert is_accepted(patient, **possible(measure, value))


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"on_oxygen": True},
        {"systolic": 120},
        {"diastolic": 80},
        {"systolic": 80, "diastolic": 80},
        {"pulse": 72, "status": "recorded", "status_reason": "x"},
        {"pulse": 72, "status": "entered_in_error"},
        {"pulse": 72, "glucose_kind": "fasting"},
        {"pulse": 72, "consciousness": "X"},
    ],
)
def test_the_database_refuses_what_makes_no_sense(values, patient):
    assert not is_accepted(patient, **values)


def test_the_service_says_what_makes_no_sense(patient, doctor):
    other = patient_of(doctor).appointments.get()
    before_birth = timezone.now() - timedelta(days=365 * 120)
    refused = (
        (NothingMeasured, {"on_oxygen": True}),
        (DiastolicTooHigh, {"systolic": 120}),
        (DiastolicTooHigh, {"systolic": 80, "diastolic": 120}),
        (MeasuredAtImpossible, {"pulse": 72, "measured_at": timezone.now() + timedelta(minutes=1)}),
        (MeasuredAtImpossible, {"pulse": 72, "measured_at": before_birth}),
        (AppointmentOfAnother, {"pulse": 72, "appointment": other}),
        (ValidationError, {"consciousness": "X"}),
    )

    for refusal, values in refused:
        with pytest.raises(refusal):
            record_vitals(patient=patient, **values, by=doctor.user)
    assert not VitalSigns.objects.exists()


def test_a_second_call_with_the_same_key_returns_the_first_row(patient, doctor):
    first = record_vitals(patient=patient, pulse=72, idempotency_key="k", by=doctor.user)

    again = record_vitals(patient=patient, pulse=99, idempotency_key="k", by=doctor.user)

    assert (again, again.pulse) == (first, 72)
    with pytest.raises(KeyReused):
        record_vitals(patient=patient_of(doctor), pulse=72, idempotency_key="k", by=doctor.user)


def test_an_error_needs_a_reason_is_final_and_logged(patient, doctor):
    vitals = record_vitals(patient=patient, pulse=72, by=doctor.user)
    with pytest.raises(ReasonMissing):
        withdraw_vitals(vitals=vitals, reason=" ", by=doctor.user)

    withdrawn = withdraw_vitals(vitals=vitals, reason="Other patient", by=doctor.user)

    assert (withdrawn.status, withdrawn.status_reason) == ("entered_in_error", "Other patient")
    assert not VitalSigns.objects.valid().exists()
    assert str(withdrawn.chart_void()) == "Entered in error: Other patient"
    with pytest.raises(StepRefused):
        withdraw_vitals(vitals=vitals, reason="Again", by=doctor.user)
    entries = AuditEvent.objects.filter(model="clinical.vitalsigns", patient_id=patient.pk).order_by("pk")
    assert [entry.action for entry in entries] == ["create", "update"]


def test_what_was_recorded_is_never_changed_and_never_deleted(patient, doctor):
    vitals = record_vitals(patient=patient, pulse=72, by=doctor.user)
    vitals.pulse = 99
    rows = VitalSigns.objects.filter(pk=vitals.pk)

    for change in (
        vitals.save,
        vitals.delete,
        rows.delete,
        lambda: rows.update(pulse=99),
        lambda: VitalSigns.objects.bulk_update([vitals], ["pulse"]),
    ):
        with pytest.raises(SignedIsFinal), transaction.atomic():
            change()
    assert VitalSigns.objects.values_list("pulse", flat=True).get() == 72


def test_a_nurse_of_the_doctor_records_and_nobody_else(patient, doctor):
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    visit_today(doctor, patient)
    vitals = record_vitals(patient=patient, pulse=72, by=nurse.user)
    no_right = [staff("receptionist"), staff("administrator"), staff("billing_clerk"), carer_of(patient)]
    no_visit = [doctor_at_work().user, staff("nurse"), staff("doctor", is_superuser=True)]

    for refusal, people in ((NotAllowed, no_right), (NotTreating, no_visit)):
        for by in people:
            with pytest.raises(refusal):
                record_vitals(patient=patient, pulse=72, by=by)
            with pytest.raises(refusal):
                withdraw_vitals(vitals=vitals, reason="Other patient", by=by)

    assert VitalSigns.objects.values_list("recorded_by", "status").get() == (nurse.user.pk, "recorded")


def test_the_system_records_many_at_once_and_a_doctor_does_not(
    patient, doctor, django_assert_max_num_queries
):
    def rows(**values):
        return [VitalSigns(patient=patient, measured_at=at(9, days=-day), **values) for day in range(1, 21)]

    with django_assert_max_num_queries(12):
        written = record_past_vitals(rows=rows(pulse=72, recorded_by=doctor.user), by=SYSTEM)

    assert VitalSigns.objects.filter(recorded_by=doctor.user, pulse=72).count() == len(written) == 20
    assert AuditEvent.objects.filter(model="clinical.vitalsigns", action="create").count() == 20
    with pytest.raises(NotAllowed):
        record_past_vitals(rows=rows(pulse=72), by=doctor.user)
    with pytest.raises(ImpossibleValue):
        record_past_vitals(rows=[*rows(pulse=72), *rows(pulse=999)], by=SYSTEM)
    assert VitalSigns.objects.count() == 20


def test_those_who_treat_or_care_see_vital_signs_and_others_none(patient, doctor):
    record_vitals(patient=patient, pulse=72, by=doctor.user)
    people = {
        "doctor": doctor.user,
        "carer": carer_of(patient),
        "payer": carer_of(patient, may_see_records=False),
        "other doctor": doctor_at_work().user,
        "desk": staff("receptionist"),
        "administrator": staff("administrator"),
        "stranger": carer_of(PatientFactory()),
    }

    seen = {who for who, user in people.items() if VitalSigns.objects.visible_to(user).exists()}

    assert seen == {"doctor", "carer"}
