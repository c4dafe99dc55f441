import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from audit.models import AuditEvent
from clinical.exceptions import (
    FollowUpInThePast,
    NothingToSign,
    NotTreating,
    NotYourEncounter,
    SignedIsFinal,
    TextMissing,
    VisitNotBegun,
)
from clinical.models import Addendum, Diagnosis, Encounter, LabResult, Prescription, PrescriptionItem
from clinical.services import (
    DiagnosisLine,
    add_addendum,
    finish_visit,
    open_encounter,
    save_draft,
    sign_encounter,
)
from clinical.signals import visit_finished
from hms.core.refusals import NotAllowed
from hms.core.states import StepRefused
from tests.clinical.lab_rows import entered
from tests.clinical.prescribing import sign, write
from tests.clinical.rows import TEXTS, doctor_at_work, visit_today
from tests.factories import NurseFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C01")]

THROAT = DiagnosisLine("Sore throat", "J02.9")
COUGH = DiagnosisLine("Cough", is_provisional=True)


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def visit(doctor):
    return visit_today(doctor, symptoms="Throat hurts")


@pytest.fixture
def draft(visit, doctor):
    return open_encounter(appointment=visit, by=doctor.user)


@pytest.fixture
def signed(draft, doctor):
    save_draft(encounter=draft, **TEXTS, diagnoses=[THROAT], by=doctor.user)
    return sign_encounter(encounter=draft, by=doctor.user)


def diagnoses_of(encounter) -> list[tuple]:
    return list(encounter.diagnoses.order_by("position").values_list("title", "code", "is_provisional"))


def test_a_visit_begins_with_the_symptoms_of_the_booking_and_starts_the_consultation(visit, draft, doctor):
    visit.refresh_from_db()

    assert (draft.complaint, draft.status, draft.recorded_by) == ("Throat hurts", "draft", doctor.user)
    assert visit.status == "in_consultation"
    assert open_encounter(appointment=visit, by=doctor.user) == draft


def test_a_visit_does_not_begin_before_the_patient_arrives_or_for_somebody_else(doctor):
    booked = visit_today(doctor, status="booked")
    waiting = visit_today(doctor)
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)

    for appointment, by, refusal in (
        (booked, doctor.user, VisitNotBegun),
        (waiting, doctor_at_work().user, NotTreating),
        (waiting, nurse.user, NotAllowed),
        (waiting, staff("receptionist"), NotAllowed),
    ):
        with pytest.raises(refusal):
            open_encounter(appointment=appointment, by=by)
    assert not Encounter.objects.exists()


def test_a_doctor_of_the_patient_does_not_begin_a_colleagues_visit(visit, doctor):
    other = doctor_at_work()
    visit_today(other, visit.patient)

    with pytest.raises(NotYourEncounter):
        open_encounter(appointment=visit, by=other.user)


def test_a_draft_keeps_its_diagnoses_in_order_and_counts_their_changes(draft, doctor):
    save_draft(encounter=draft, **TEXTS, diagnoses=[THROAT, COUGH], by=doctor.user)
    save_draft(encounter=draft, **TEXTS, diagnoses=[THROAT, COUGH], by=doctor.user)
    saved = save_draft(encounter=draft, **TEXTS, diagnoses=[COUGH], by=doctor.user)

    assert diagnoses_of(draft) == [("Cough", "", True)]
    assert saved.revision == 2
    assert saved.advice == "Drink warm fluids"


def test_a_follow_up_in_the_past_and_an_empty_record_are_refused(draft, doctor):
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    empty = dict.fromkeys(TEXTS, "") | {"follow_up_on": None}

    with pytest.raises(FollowUpInThePast):
        save_draft(encounter=draft, **TEXTS | {"follow_up_on": yesterday}, diagnoses=[], by=doctor.user)
    save_draft(encounter=draft, **empty, diagnoses=[], by=doctor.user)
    with pytest.raises(NothingToSign):
        sign_encounter(encounter=draft, by=doctor.user)


def test_only_the_author_changes_and_signs_a_draft(draft, visit):
    colleague = doctor_at_work()
    visit_today(colleague, visit.patient)

    with pytest.raises(NotYourEncounter):
        save_draft(encounter=draft, **TEXTS, diagnoses=[], by=colleague.user)
    with pytest.raises(NotYourEncounter):
        sign_encounter(encounter=draft, by=colleague.user)


def _save(row: Encounter) -> None:
    row.plan = "Another plan"
    row.save()


CHANGES = {
    "save": _save,
    "update": lambda row: Encounter.objects.filter(pk=row.pk).update(plan="Another plan"),
    "bulk_update": lambda row: Encounter.objects.bulk_update([_with_plan(row)], ["plan"]),
    "delete": lambda row: row.delete(),
    "delete of a query set": lambda row: Encounter.objects.filter(pk=row.pk).delete(),
    "back to draft": lambda row: Encounter.objects.filter(pk=row.pk).update(status="draft"),
    "delete of a diagnosis": lambda row: row.diagnoses.all().delete(),
    "change of a diagnosis": lambda row: row.diagnoses.update(title="Flu"),
    "a further diagnosis": lambda row: Diagnosis.objects.create(
        encounter=row, patient=row.patient, title="Flu", position=7
    ),
    "another owner of a diagnosis": lambda row: Diagnosis.objects.filter(encounter=row).update(position=3),
}


def _with_plan(row: Encounter) -> Encounter:
    row.plan = "Another plan"
    return row


@pytest.mark.parametrize("change", CHANGES)
def test_a_signed_record_never_changes(change, signed):
    before = Encounter.objects.filter(pk=signed.pk).values().get()

    with pytest.raises((SignedIsFinal, ProtectedError)), transaction.atomic():
        CHANGES[change](Encounter.objects.get(pk=signed.pk))

    assert Encounter.objects.filter(pk=signed.pk).values().get() == before
    assert diagnoses_of(signed) == [("Sore throat", "J02.9", False)]


def test_the_services_do_not_change_a_signed_record_either(signed, doctor):
    with pytest.raises(StepRefused):
        save_draft(encounter=signed, **TEXTS, diagnoses=[], by=doctor.user)
    assert sign_encounter(encounter=signed, by=doctor.user).signed_at == signed.signed_at


@pytest.mark.parametrize("change", ["update", "delete", "save"])
def test_an_addendum_is_final(change, signed, doctor):
    addendum = add_addendum(encounter=signed, text=" Culture negative. ", by=doctor.user)
    changes = {
        "update": lambda: Addendum.objects.update(text="x"),
        "delete": lambda: addendum.delete(),
        "save": lambda: setattr(addendum, "text", "x") or addendum.save(),
    }

    with pytest.raises(SignedIsFinal), transaction.atomic():
        changes[change]()

    assert signed.addenda.get().text == "Culture negative."


def test_an_addendum_needs_a_signed_record_a_text_and_somebody_who_treats(draft, doctor):
    with pytest.raises(NotYourEncounter):
        add_addendum(encounter=draft, text="Late thought", by=doctor.user)
    save_draft(encounter=draft, **TEXTS, diagnoses=[], by=doctor.user)
    sign_encounter(encounter=draft, by=doctor.user)

    with pytest.raises(TextMissing):
        add_addendum(encounter=draft, text="  ", by=doctor.user)
    with pytest.raises(NotTreating):
        add_addendum(encounter=draft, text="Hello", by=doctor_at_work().user)


@pytest.mark.feature("C15")
def test_one_call_finishes_a_visit_or_nothing_of_it(draft, doctor, visit):
    facts = []
    receive = lambda **fact: facts.append((fact["encounter"], fact["by"], fact["services"]))  # noqa: E731
    visit_finished.connect(receive)
    try:
        save_draft(encounter=draft, **TEXTS, diagnoses=[THROAT], by=doctor.user)
        finished = finish_visit(encounter=draft, by=doctor.user)
        finish_visit(encounter=draft, by=doctor.user)
    finally:
        visit_finished.disconnect(receive)

    visit.refresh_from_db()
    assert (finished.status, finished.signed_by, visit.status) == ("signed", doctor.user, "completed")
    assert facts[0] == (draft, doctor.user, [("consultation", draft.reference)])
    assert len(facts) == 1


def test_the_private_note_is_not_in_the_log(signed):
    entries = AuditEvent.objects.filter(model="clinical.encounter", object_pk=str(signed.pk))

    assert not [entry for entry in entries if "Worried" in str(entry.changes)]
    assert [entry for entry in entries if "private_note" in entry.changes]


def test_what_was_written_at_a_sensitive_visit_is_as_sensitive_part_for_part(visit, draft, doctor):
    patient = visit.patient
    sign(write(patient, "cefixime 200 bd 5d"))
    normal = entered(doctor, patient=patient)
    hidden = entered(doctor, "140", "na", patient=patient, confidentiality="hidden")
    save_draft(encounter=draft, **TEXTS, diagnoses=[THROAT], confidentiality="doctor", by=doctor.user)

    finish_visit(encounter=draft, by=doctor.user)
    sign(write(patient, "Dashmool kadha bd 5d", "cetirizine 10 hs 5d"))

    def degrees(model, **which) -> set[str]:
        return set(model.objects.filter(**which).values_list("confidentiality", flat=True))

    assert degrees(Prescription) | degrees(PrescriptionItem) == {"doctor"}
    assert degrees(LabResult, pk=normal.pk) == {"doctor"}
    assert degrees(LabResult, pk=hidden.pk) == {"hidden"}
