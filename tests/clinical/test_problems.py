"""Problems and history: since when as exactly as it is known, and an end that fits."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from clinical.exceptions import EndRefused, NotTreating, SinceRefused
from clinical.models import Problem
from clinical.services import record_problem, revise_problem
from hms.core.refusals import NotAllowed
from hms.core.states import StepRefused
from tests.clinical.rows import DIABETES, doctor_at_work, patient_of
from tests.factories import carer_of, staff
from tests.opened import send
from tests.scheduling.pages import text, title

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C03")]
LIST = "/admin/clinical/problem/"
PAGE = "/me/records/problems/"
BORN = date(1971, 6, 15)


@pytest.fixture
def doctor(client):
    doctor = doctor_at_work()
    client.force_login(doctor.user)
    return doctor


@pytest.fixture
def patient(doctor):
    return patient_of(doctor, date_of_birth=BORN)


@pytest.fixture
def diabetes(patient, doctor):
    return record_problem(patient=patient, **DIABETES, by=doctor.user)


def ends() -> list[tuple]:
    return list(Problem.objects.order_by("pk").values_list("title", "status", "resolved_on"))


def test_a_problem_is_recorded_as_active_with_its_author(patient, doctor):
    problem = record_problem(
        patient=patient,
        title="  Type 2   diabetes ",
        kind="condition",
        said_by="document",
        code=" e11.9 ",
        since="2016-03",
        note="Letter of the\nclinic",
        by=doctor.user,
    )

    problem.refresh_from_db()
    assert (problem.title, problem.code, problem.note) == ("Type 2 diabetes", "E11.9", "Letter of the clinic")
    assert (problem.since_on, problem.since_precision, problem.since) == (
        date(2016, 3, 1),
        "month",
        "March 2016",
    )
    assert (problem.status, problem.said_by, problem.recorded_by) == ("active", "document", doctor.user)


def test_recording_and_revising_are_logged_under_the_patient(patient, doctor, diabetes):
    revise_problem(problem=diabetes, status="refuted", reason="HbA1c 5.4 %", by=doctor.user)

    entries = AuditEvent.objects.filter(model="clinical.problem", patient_id=patient.pk).order_by("pk")
    assert [entry.action for entry in entries] == ["create", "update"]
    assert entries[1].changes["status"] == ["active", "refuted"]


@pytest.mark.parametrize("kind", ["condition", "family_history"])
@pytest.mark.parametrize("since", ["05/2019", "2019-13", "yesterday"])
def test_a_beginning_that_is_no_date_is_refused(kind, since, patient, doctor):
    with pytest.raises(SinceRefused, match="Enter a year, a month or a day"):
        record_problem(patient=patient, **DIABETES | {"kind": kind, "since": since}, by=doctor.user)

    assert ends() == []


def test_a_beginning_lies_between_birth_and_today_and_in_the_family_before_the_birth(patient, doctor):
    today = timezone.localdate()
    too_late = [f"{today.year + 1}", f"{today + timedelta(days=1)}"]
    too_early = ["1970", "1971-05", "1971-06-14"]
    fine = ["1971", "1971-06", "1971-06-15", f"{today.year}", f"{today:%Y-%m}", f"{today}"]

    def record(since, title, kind="condition"):
        told = DIABETES | {"since": since, "title": title, "kind": kind}
        return record_problem(patient=patient, **told, by=doctor.user)

    for since in too_late:
        with pytest.raises(SinceRefused, match="in the future"):
            record(since, since, "family_history")
    for since in too_early:
        with pytest.raises(SinceRefused, match="before the patient's birth"):
            record(since, since)
        assert record(since, since, "family_history").kind == "family_history"
    for since in fine:
        assert record(since, since).status == "active"
    assert record("", "Headache").since == ""


@pytest.mark.parametrize("code", ["11", "EE1", "E1", "E11.", "E11.12345", "E11 x"])
def test_a_code_that_does_not_look_like_icd_10_is_refused(code, patient, doctor):
    with pytest.raises(ValidationError, match="Enter an ICD-10 code"):
        record_problem(patient=patient, **DIABETES | {"code": code}, by=doctor.user)


def test_the_same_words_of_another_kind_are_another_problem(patient, doctor, diabetes):
    record_problem(patient=patient, **DIABETES | {"kind": "family_history"}, by=doctor.user)
    long = "x" * 199
    for last in "ab":
        record_problem(patient=patient, **DIABETES | {"title": long + last}, by=doctor.user)

    assert Problem.objects.filter(patient=patient).current().count() == 4


def test_a_resolved_problem_has_an_end_until_it_is_active_again(doctor, diabetes):
    end = date(2020, 2, 29)
    revise_problem(problem=diabetes, status="resolved", resolved_on=end, by=doctor.user)
    resolved = ends()

    revise_problem(problem=diabetes, status="active", by=doctor.user)

    assert resolved == [("Diabetes", "resolved", end)]
    assert ends() == [("Diabetes", "active", None)]


def test_an_end_that_does_not_fit_is_refused(doctor, diabetes):
    tomorrow = timezone.localdate() + timedelta(days=1)

    def revise(status, end):
        return revise_problem(problem=diabetes, status=status, reason="x", resolved_on=end, by=doctor.user)

    with pytest.raises(EndRefused, match="Only a resolved problem"):
        revise("refuted", date(2020, 1, 1))
    with pytest.raises(EndRefused, match="in the future"):
        revise("resolved", tomorrow)
    with pytest.raises(EndRefused, match="before the problem began"):
        revise("resolved", date(2015, 12, 31))
    assert ends() == [("Diabetes", "active", None)]


def test_only_who_treats_the_patient_revises_and_only_by_a_step(patient, doctor, diabetes):
    for refusal, by in (
        (NotAllowed, staff("receptionist")),
        (NotAllowed, carer_of(patient)),
        (NotTreating, doctor_at_work().user),
    ):
        with pytest.raises(refusal):
            revise_problem(problem=diabetes, status="resolved", by=by)
    revise_problem(problem=diabetes, status="entered_in_error", reason="Other patient", by=doctor.user)

    with pytest.raises(StepRefused):
        revise_problem(problem=diabetes, status="active", by=doctor.user)


def test_a_doctor_records_and_resolves_in_the_staff_site(client, patient):
    told = DIABETES | {"patient": patient.pk, "since": "2016-02", "code": "e11"}
    wrong = client.post(f"{LIST}add/", told | {"since": "2016-14", "code": "eleven"})
    client.post(f"{LIST}add/", told)
    change = f"{LIST}{Problem.objects.get().pk}/change/"
    early = send(client, change, {"becomes": "resolved", "resolved_on": "2016-01-31"})

    send(client, change, {"becomes": "resolved", "resolved_on": "2016-02-01"})

    assert wrong.context["adminform"].form.errors == {"code": ["Enter an ICD-10 code such as E11 or E11.9."]}
    assert early.context["adminform"].form.errors == {"resolved_on": ["This is before the problem began."]}
    assert ends() == [("Diabetes", "resolved", date(2016, 2, 1))]
    assert "February 2016" in text(client.get(change))
    send(client, change, {"becomes": "active"})
    assert ends() == [("Diabetes", "active", None)]


def test_the_page_shows_what_is_current_and_then_the_past_in_plain_words(client, patient, doctor, diabetes):
    smokes = {"title": "Smokes", "kind": "social", "said_by": "carer", "note": "Ten a day"}
    past = record_problem(patient=patient, **smokes, by=doctor.user)
    revise_problem(problem=past, status="resolved", resolved_on=date(2020, 2, 29), by=doctor.user)
    client.force_login(carer_of(patient))

    response = client.get(PAGE)

    current, _heading, gone = text(response).partition("Past or ruled out")
    assert title(response) == "Problems and history"
    assert "Diabetes Condition 2016 Patient" in current
    assert "Smokes Lifestyle Not known Carer Ten a day Resolved 29 Feb 2020" in gone
    assert "E11" not in response.text
