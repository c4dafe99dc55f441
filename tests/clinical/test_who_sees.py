"""Who sees a clinical record, on which ground: one readable table."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Patient
from audit.admin.anomalies import entries_of
from audit.anomalies.review import close_anomaly
from audit.exceptions import StillGoingOn
from audit.models import Anomaly, AuditEvent
from audit.reading.diff import changes_for_auditors
from clinical.exceptions import AlreadyTreating, NotTreating, ReasonMissing
from clinical.models import Allergy, Encounter
from clinical.querysets.grounds import about_one_patient
from clinical.services import (
    DiagnosisLine,
    open_emergency_access,
    open_encounter,
    record_allergy,
    save_draft,
    sign_encounter,
)
from clinical.services.rights import treats, visits_open_to
from clinical.statuses.confidentiality import Confidentiality
from hms.core.refusals import NotAllowed
from tests.clinical.rows import PEANUTS, PENICILLIN, TEXTS, doctor_at_work, finished, visit_today
from tests.factories import (
    NurseFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    at,
    carer_of,
    staff,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C09")]

NORMAL = {"doctor", "colleague", "nurse", "covering doctor", "self", "parent", "after emergency"}
SEEN = {
    # what is marked: who sees the signed record of the visit
    "nothing": NORMAL,
    "confidential patient": {"doctor", "colleague", "self", "parent", "after emergency"},
    "sensitive": {"doctor", "self", "parent", "after emergency"},
    "hidden from carers": {"doctor", "self", "after emergency"},
}


def nurse_of(doctor):
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    return nurse.user


def on_leave(doctor, *, covered_by):
    now = timezone.now()
    hours = timedelta(hours=3)
    return ScheduleExceptionFactory(
        doctor=doctor, kind="leave", starts_at=now - hours, ends_at=now + hours, covered_by=covered_by
    )


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def encounter(doctor):
    visit = visit_today(doctor)
    encounter = open_encounter(appointment=visit, by=doctor.user)
    save_draft(encounter=encounter, **TEXTS, diagnoses=[DiagnosisLine("Flu")], by=doctor.user)
    return sign_encounter(encounter=encounter, by=doctor.user)


def people_around(encounter, doctor) -> dict:
    patient = encounter.patient
    colleague, covering, helper = doctor_at_work(), doctor_at_work(), staff("doctor")
    visit_today(colleague, patient)
    on_leave(doctor, covered_by=covering)
    open_emergency_access(mrn=patient.mrn, reason="Unconscious", by=helper)
    return {
        "doctor": doctor.user,
        "colleague": colleague.user,
        "covering doctor": covering.user,
        "nurse": nurse_of(doctor),
        "after emergency": helper,
        "self": carer_of(patient, relation="self"),
        "parent": carer_of(patient, relation="child"),
        "payer": carer_of(patient, relation="spouse", may_see_records=False),
        "stranger": carer_of(PatientFactory()),
        "other doctor": doctor_at_work().user,
        "other nurse": nurse_of(doctor_at_work()),
        "desk": staff("receptionist"),
        "billing": staff("billing_clerk"),
        "laboratory": staff("lab_technician"),
        "auditor": staff("auditor"),
        "administrator": staff("administrator"),
    }


@pytest.mark.parametrize("marked", SEEN)
def test_who_sees_a_signed_record(marked, encounter, doctor):
    people = people_around(encounter, doctor)
    mark = {"sensitive": Confidentiality.SENSITIVE, "hidden from carers": Confidentiality.HIDDEN}
    if marked in mark:
        encounter.confidentiality = mark[marked]
        encounter.save(update_fields=["confidentiality"])
    if marked == "confidential patient":
        Patient.objects.filter(pk=encounter.patient_id).update(is_confidential=True)
    finished(doctor)  # of another patient

    seen, seen_at_once = set(), set()
    for who, user in people.items():
        if encounter in Encounter.objects.visible_to(user):
            seen.add(who)
        with about_one_patient(user, encounter.patient):
            rows = set(Encounter.objects.visible_to(user))
        assert rows <= {encounter}
        if rows:
            seen_at_once.add(who)

    assert seen == seen_at_once == SEEN[marked]


def test_a_draft_is_not_shown_to_the_patient(doctor):
    draft = open_encounter(appointment=visit_today(doctor), by=doctor.user)

    assert not Encounter.objects.visible_to(carer_of(draft.patient)).exists()
    assert Encounter.objects.visible_to(doctor.user).get() == draft


def test_a_nurse_sees_and_writes_records_of_todays_patients_only(doctor):
    patients = {days: visit_today(doctor, starts_at=at(12, days=days)).patient for days in (-1, 0, 1)}
    for patient in patients.values():
        record_allergy(patient=patient, **PENICILLIN, by=doctor.user)
    nurse = nurse_of(doctor)

    assert [row.patient for row in Allergy.objects.visible_to(nurse)] == [patients[0]]
    with pytest.raises(NotTreating):
        record_allergy(patient=patients[1], **PEANUTS, by=nurse)


def test_covering_ends_with_the_leave(encounter, doctor):
    covering = doctor_at_work()
    leave = on_leave(doctor, covered_by=covering)

    assert Encounter.objects.visible_to(covering.user).exists()
    with time_machine.travel(leave.ends_at + timedelta(seconds=1), tick=False):
        assert not Encounter.objects.visible_to(covering.user).exists()


def test_emergency_access_opens_the_record_for_a_while_and_is_put_up_for_review(encounter):
    helper, patient = staff("doctor"), encounter.patient
    access = open_emergency_access(mrn=patient.mrn, reason="  Seizure in the lobby ", by=helper)

    assert list(Encounter.objects.visible_to(helper)) == [encounter]
    assert Patient.objects.visible_to(helper).filter(pk=patient.pk).exists()
    assert record_allergy(patient=patient, **PEANUTS, by=helper).recorded_by == helper
    anomaly = Anomaly.objects.get()
    assert (anomaly.rule, anomaly.actor_id, anomaly.patient_id) == ("emergency_access", helper.pk, patient.pk)
    assert [entry.action for entry in entries_of(anomaly)] == ["create", "create"]  # the access, the allergy
    with pytest.raises(StillGoingOn):
        close_anomaly(anomaly=anomaly, outcome="explained", note="Fine", by=staff("auditor"))
    entry = AuditEvent.objects.get(model="clinical.emergencyaccess", action="create")
    assert (entry.patient_id, changes_for_auditors(entry)["reason"]) == (patient.pk, [None, "(not shown)"])
    with time_machine.travel(access.ends_at, tick=False):
        assert not Encounter.objects.visible_to(helper).exists()
        assert not Patient.objects.visible_to(helper).filter(pk=patient.pk).exists()


def test_emergency_access_needs_a_reason_a_right_and_a_need(encounter, doctor):
    patient = encounter.patient

    with pytest.raises(ReasonMissing):
        open_emergency_access(mrn=patient.mrn, reason=" ", by=staff("nurse"))
    with pytest.raises(AlreadyTreating):
        open_emergency_access(mrn=patient.mrn, reason="Habit", by=doctor.user)
    for role in ("receptionist", "billing_clerk", "lab_technician", "auditor", "administrator"):
        with pytest.raises(NotAllowed):
            open_emergency_access(mrn=patient.mrn, reason="Curious", by=staff(role))
    assert not Anomaly.objects.exists()


@pytest.mark.parametrize("is_confidential", [False, True])
def test_whoever_may_read_the_record_may_open_the_visit_and_record_it(is_confidential, encounter, doctor):
    people, patient = people_around(encounter, doctor), encounter.patient
    later = visit_today(doctor, starts_at=at(12, days=2), status="booked").patient
    Patient.objects.filter(pk__in=[patient.pk, later.pk]).update(is_confidential=is_confidential)
    working = {who: user for who, user in people.items() if user.is_staff}

    found = {
        who: (
            treats(user, patient),
            Encounter.objects.visible_to(user).exists(),
            treats(user, later),
            visits_open_to(user).filter(patient=later).exists(),
        )
        for who, user in working.items()
    }

    readers = SEEN["confidential patient" if is_confidential else "nothing"]
    of_both = {"doctor"} if is_confidential else {"doctor", "covering doctor"}
    assert found == {who: (who in readers,) * 2 + (who in of_both,) * 2 for who in working}


def test_a_reviewer_reads_the_reason_of_emergency_access_and_the_log_does_not_say_it(encounter, client):
    reason = "Seizure in the lobby"
    open_emergency_access(mrn=encounter.patient.mrn, reason=reason, by=staff("doctor"))
    anomaly, entry = (
        Anomaly.objects.get(),
        AuditEvent.objects.get(model="clinical.emergencyaccess", action="create"),
    )
    review, log = f"/admin/audit/anomaly/{anomaly.pk}/", "/admin/audit/auditevent/"
    pages = [f"{review}review/", f"{review}change/", f"{log}{entry.pk}/change/"]

    def read(role) -> list[bool]:
        client.force_login(staff(role))
        export = client.post(log, {"action": "export_as_csv", "_selected_action": [entry.pk]})
        texts = [client.get(page).text for page in pages] + [export.getvalue().decode()]
        return [reason in text for text in texts]

    assert {role: read(role) for role in ("auditor", "administrator")} == {
        "auditor": [True, True, False, False],
        "administrator": [False, False, False, False],
    }


def test_the_log_has_a_search_of_the_chart_without_its_words(encounter, client, doctor):
    client.force_login(doctor.user)

    client.get(f"/admin/chart/{encounter.patient.mrn}/", {"q": "syphilis"})

    entry = AuditEvent.objects.filter(action="search").get()
    assert (entry.patient_id, entry.details.get("search")) == (encounter.patient_id, None)


def test_the_log_shows_an_entry_whose_date_is_private(encounter, doctor, client):
    visit = visit_today(doctor, starts_at=at(13, days=0))
    draft = open_encounter(appointment=visit, by=doctor.user)
    texts = TEXTS | {"follow_up_on": timezone.localdate()}
    save_draft(encounter=draft, **texts, diagnoses=[], by=doctor.user)
    entry = AuditEvent.objects.filter(object_pk=draft.pk, model="clinical.encounter").latest("pk")
    client.force_login(staff("auditor"))

    shown = client.get(f"/admin/audit/auditevent/{entry.pk}/change/").context["lines"]

    assert {line.label: line.after for line in shown}["Follow-up on"] == "(not shown)"
