"""Records written in a batch and those that doctors wrote on the day differ in nothing."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
import time_machine
from django.db import models, transaction
from django.utils import timezone

from clinical.exceptions import (
    FindingsUnresolved,
    FollowUpInThePast,
    NothingToSign,
    SignedIsFinal,
    VisitNotBegun,
)
from clinical.models import Diagnosis, DocumentCode, Encounter, Prescription, PrescriptionItem
from clinical.services import (
    DiagnosisLine,
    PastVisit,
    open_encounter,
    record_allergy,
    record_past_visits,
    save_draft,
    sign_encounter,
    sign_prescription,
    write_prescription,
)
from clinical.services.prescription_lines import line_from
from clinical.services.signing import check_draft
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from scheduling.models import Appointment
from tests.clinical.rows import PENICILLIN, TEXTS, visit_today
from tests.factories import PatientFactory, at, doctor_with_hours, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C01"), pytest.mark.usefixtures("sunday_noon")]

WRITTEN = (Encounter, Diagnosis, Prescription, PrescriptionItem, DocumentCode)
DRAWN = {"id", "code", "reference"}  # by the database and by chance
LINES = ("amoxicillin 500 1-1-1 5 days", "paracetamol 500 1-0-1 3 days", "metformin 500 1-0-1 90 days")
DIAGNOSES = [("Cough", "R05"), ("Fever", "R50.9"), ("Something else", "")]
LINES += ("metformin 1g 1-0-1 60 days after food", "homemade syrup 5 ml 1-0-0 4 days")


def past_visit(random: Random, doctor, patient, days: int) -> PastVisit:
    """What might have been written so many days ago."""
    begins = at(9, days=-days)
    visit = visit_today(
        doctor, patient, status="completed", starts_at=begins, symptoms="Cough", arrived_at=begins,
        started_at=begins + timedelta(minutes=3), ended_at=begins + timedelta(minutes=12),
    )  # fmt: skip
    codes = random.sample(DIAGNOSES, random.randint(1, 3))
    return PastVisit(
        appointment=visit,
        complaint=random.choice(["", "Cough "]),
        examination="Chest clear",
        plan=random.choice(["", "X-ray"]),
        advice="Rest",
        follow_up_on=timezone.localdate(begins) + timedelta(days=random.choice([0, 9])),
        diagnoses=tuple(DiagnosisLine(title, code, random.random() < 0.3) for title, code in codes),
        items=tuple(line_from(line) for line in random.sample(LINES, random.randint(0, 3))),
        weight_kg=random.choice([None, Decimal("61.500")]),
        reason="Considered",
    )


def history(random: Random) -> list[PastVisit]:
    """Some months of two patients with a doctor who has a login and one who has none."""
    doctors = doctor_with_hours(user=staff("doctor")), doctor_with_hours()
    patients = PatientFactory.create_batch(2, gender="female")
    record_allergy(patient=patients[0], **PENICILLIN, by=SYSTEM)
    days = random.sample(range(1, 120), 8)
    return [past_visit(random, random.choice(doctors), random.choice(patients), day) for day in days]


def by_services(visit: PastVisit) -> None:
    appointment = visit.appointment
    by = appointment.doctor.user or SYSTEM
    with time_machine.travel(appointment.started_at, tick=False):
        encounter = open_encounter(appointment=appointment, by=by)
    with time_machine.travel(appointment.ended_at, tick=False):
        texts = {name: getattr(visit, name) for name in TEXTS if name != "private_note"}
        save_draft(encounter=encounter, **texts, private_note="", diagnoses=visit.diagnoses, by=by)
        if visit.items:
            draft = write_prescription(
                appointment=appointment, items=visit.items, weight_kg=visit.weight_kg, by=by
            )
            reasons = {each.key: visit.reason for each in check_draft(draft) if each.needs_reason}
            sign_prescription(prescription=draft, overrides=reasons, by=by)
        sign_encounter(encounter=encounter, by=by)


def snapshot() -> dict[str, list[dict]]:
    return {model.__name__: sorted(map(columns, model.objects.all()), key=repr) for model in WRITTEN}


def columns(row: models.Model) -> dict:
    """The columns by names; what a row belongs to by its patient and time."""
    own = {field.name for field in row._meta.concrete_fields if field.related_model in WRITTEN}
    found = {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in DRAWN | own
    }
    owners = {name: getattr(row, name) for name in own}
    found |= {name: owner and (owner.patient_id, owner.recorded_at) for name, owner in owners.items()}
    if "frozen" in found:
        found["frozen"] = {key: value for key, value in found["frozen"].items() if key != "number"}
    return found


@pytest.mark.parametrize("seed", range(4))
def test_a_batch_writes_what_the_services_write_at_their_time(seed):
    random = Random(seed)
    visits = history(random)
    with transaction.atomic():
        for visit in sorted(visits, key=lambda visit: visit.appointment.ended_at):
            by_services(visit)
        expected = snapshot()
        transaction.set_rollback(True)

    record_past_visits(visits=random.sample(visits, len(visits)), by=SYSTEM)

    assert snapshot() == expected
    assert len(expected["Encounter"]) == 8


def one_visit(*, lines=(), **fields) -> PastVisit:
    visit = past_visit(Random(1), doctor_with_hours(), PatientFactory(gender="female"), 5)
    texts = {"complaint": "Cough"} | fields
    return PastVisit(appointment=visit.appointment, items=tuple(map(line_from, lines)), **texts)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"complaint": " "}, NothingToSign),
        ({"follow_up_on": date(2000, 1, 1)}, FollowUpInThePast),
        ({"lines": ["paracetamol 650 1-1-1-1 5 days", "dolo 650 1-0-1 5 days"]}, FindingsUnresolved),
    ],
)
def test_what_the_services_refuse_the_batch_refuses_and_writes_nothing(fields, refusal):
    with pytest.raises(refusal):
        record_past_visits(visits=[one_visit(), one_visit(**fields)], by=SYSTEM)

    assert snapshot() == {model.__name__: [] for model in WRITTEN}


def test_a_prescription_of_somebody_who_does_not_state_a_sex_says_so():
    visit = one_visit(lines=["paracetamol 650 1-0-1 5 days"])
    visit.appointment.patient.gender = "unknown"

    record_past_visits(visits=[visit], by=SYSTEM)

    assert Prescription.objects.get().frozen["patient"]["sex"] == "Not stated"


def test_only_the_software_writes_a_past_and_only_of_completed_visits():
    visit = one_visit()

    with pytest.raises(NotAllowed):
        record_past_visits(visits=[visit], by=staff("administrator"))
    visit.appointment.status = "in_consultation"
    with pytest.raises(VisitNotBegun):
        record_past_visits(visits=[visit], by=SYSTEM)


def test_parts_are_inserted_with_new_rows_only():
    (encounter,) = record_past_visits(visits=[one_visit()], by=SYSTEM)
    other = one_visit().appointment
    new = Encounter(appointment=other, patient=other.patient, complaint="Pain")
    late = Diagnosis(encounter=encounter, patient=encounter.patient, title="Flu")

    with pytest.raises(SignedIsFinal), transaction.atomic():
        Encounter.objects.bulk_create_with_parts([new], [late])

    assert not Diagnosis.objects.exists()
    assert Appointment.objects.filter(encounter__isnull=False).get() == encounter.appointment
