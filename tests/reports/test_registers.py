"""Registers: what they list, who sees whom, and that an export is logged."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Patient
from accounts.roles import STAFF_ROLES, Role
from audit.models import AuditEvent
from clinical.models import NotifiableDisease
from clinical.services import DiagnosisLine, finish_visit, open_encounter, save_draft
from clinical.services.notifiable import save_notifiable_disease
from clinical.statuses.confidentiality import Confidentiality
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.reports.question import QUESTIONS
from hms.reports.questions.quarters import quarters_between
from hms.reports.scope import Scope
from hms.reports.services import ask
from tests.clinical.rows import TEXTS, doctor_at_work, visit_today
from tests.factories import PatientFactory, at, staff
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("R05")]
# Logins without a doctor; a doctor may ask some of them about oneself.
OPEN_TO = {
    "outpatient-register": {Role.RECEPTIONIST, Role.BILLING_CLERK, Role.ADMINISTRATOR},
    "notifiable-diseases": {Role.DOCTOR, Role.NURSE},
    "notifiable-counts": {Role.ADMINISTRATOR},
    "schedule-h1": {Role.NURSE},
    "quarterly-counts": {Role.RECEPTIONIST, Role.ADMINISTRATOR},
}


@pytest.fixture
def doctor():
    return doctor_at_work()


def rows(slug: str, by, *, days: tuple[date, date] | None = None, **filters) -> list[dict]:
    first, last = days or (timezone.localdate(), timezone.localdate())
    return ask(question=QUESTIONS[slug], scope=Scope(first, last, by, **filters), by=by).rows


def diagnosed(doctor, code: str, *, patient: Patient | None = None, sign: bool = True, **draft) -> Patient:
    """A patient who was seen today, with this diagnosis."""
    encounter = open_encounter(appointment=visit_today(doctor, patient), by=doctor.user)
    lines = [DiagnosisLine(f"Illness {code}", code, is_provisional=code.startswith("A"))]
    save_draft(encounter=encounter, **TEXTS | draft, diagnoses=lines, by=doctor.user)
    return finish_visit(encounter=encounter, by=doctor.user).patient if sign else encounter.patient


@pytest.mark.parametrize("slug", OPEN_TO)
def test_each_register_opens_for_its_roles_and_for_no_other(client, slug):
    opened = set()
    for role in STAFF_ROLES:
        client.force_login(staff(role))
        if client.get(reverse("admin:report", args=[slug])).status_code == 200:
            opened.add(role)

    assert opened == OPEN_TO[slug]


# --- outpatients


def test_the_outpatient_register_lists_who_came_in_the_order_of_their_times(doctor):
    old = PatientFactory(full_name="Asha Rao", gender="female", city="Pune", country="India")
    visit_today(doctor, old, starts_at=at(10, days=-3), status="completed")
    visit_today(
        doctor, old, starts_at=at(10, days=0), status="completed", token=7, token_on=timezone.localdate()
    )
    new = visit_today(doctor, starts_at=at(9, days=0), token=1, token_on=timezone.localdate()).patient
    for status in ("booked", "no_show", "cancelled", "expired"):
        visit_today(doctor, status=status)

    first, second = rows("outpatient-register", staff("receptionist"))

    assert (first["patient"], first["visit"], first["token"]) == (new.full_name, "New", 1)
    assert second == {
        "at": second["at"],
        "token": 7,
        "patient": "Asha Rao",
        "mrn": old.mrn,
        "age": second["age"],
        "gender": "Female",
        "address": "Pune, India",
        "doctor": doctor.full_name,
        "department": doctor.department.name,
        "visit": "Return",
    }
    assert second["at"].endswith("10:00 AM")


def test_a_doctor_reads_the_own_outpatients_and_nobody_elses(client, doctor):
    own, other = visit_today(doctor).patient, visit_today(doctor_at_work()).patient
    client.force_login(doctor.user)

    page = client.get(reverse("admin:report", args=["outpatient-register"]))

    assert own.mrn in page.text
    assert other.mrn not in page.text
    with pytest.raises(NotAllowed):
        rows("outpatient-register", doctor.user)


def test_the_outpatient_register_takes_the_same_queries_for_any_number(doctor, django_assert_num_queries):
    by = staff("receptionist")
    by.has_perm("any")  # reads the permissions
    for count in (1, 3):
        for _visit in range(count):
            visit_today(doctor)
        with django_assert_num_queries(2):
            rows("outpatient-register", by)


def test_an_export_is_logged_with_who_what_and_how_much(client, doctor):
    patient = visit_today(doctor, PatientFactory(full_name="=Formula")).patient
    login = staff("receptionist")
    client.force_login(login)

    answer = client.get(reverse("admin:report_export", args=["outpatient-register", "csv"]))

    head, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[:4] == ["Time", "Token", "Patient", "MRN"]
    assert line[3] == patient.mrn
    assert not line[2].startswith("=")
    exports = AuditEvent.objects.filter(action="export", actor=login)
    [entry] = exports.filter(model="reports.report")
    assert (entry.object_pk, entry.details["rows"], entry.details["format"]) == (
        "outpatient-register",
        1,
        "csv",
    )
    assert exports.filter(model="scheduling.appointment").exists()  # whose names were in it


def test_the_outpatient_register_begins_with_today_and_reaches_over_a_month_at_most(client):
    client.force_login(staff("receptionist"))
    page, today = reverse("admin:report", args=["outpatient-register"]), timezone.localdate()

    scope = client.get(page).context["answer"].scope
    refused = client.get(page, {"first": today - timedelta(days=31), "last": today})

    assert (scope.first, scope.last) == (today, today)
    assert "Choose at most 31 days." in text(refused)


# --- notifiable diseases


def test_the_register_of_notifiable_diseases_has_the_signed_diagnoses_of_the_list(doctor):
    ill = diagnosed(doctor, "A15.0", patient=PatientFactory(full_name="Asha Rao", phone="+919845012345"))
    diagnosed(doctor, "J11.1")
    diagnosed(doctor, "A00.9", sign=False)

    [row] = rows("notifiable-diseases", doctor.user)

    assert (row["patient"], row["mrn"], row["phone"]) == ("Asha Rao", ill.mrn, "+91 98450 12345")
    assert (row["disease"], row["diagnosis"]) == ("Tuberculosis", "Illness A15.0 (A15.0), provisional")
    assert row["demanded_by"] == "Notification of the Ministry of Health and Family Welfare of 16 March 2018"


def test_the_register_names_only_those_whose_records_one_may_read_and_the_counts_have_all(doctor):
    other = doctor_at_work()
    diagnosed(doctor, "A90")
    diagnosed(doctor, "A91", patient=diagnosed(other, "A90"))  # once more with another doctor
    diagnosed(other, "B05.9", confidentiality=Confidentiality.SENSITIVE)

    counts = {row["disease"]: row["patients"] for row in rows("notifiable-counts", staff("administrator"))}

    assert len(rows("notifiable-diseases", doctor.user)) == 3  # the other doctor's measles are not there
    assert rows("notifiable-diseases", staff("nurse")) == []
    assert (counts["Dengue"], counts["Measles"], counts["Cholera"]) == (2, 1, 0)
    assert len(counts) == NotifiableDisease.objects.count()


def test_administrators_keep_the_list_and_what_is_inactive_is_not_asked_for(doctor):
    diagnosed(doctor, "A90")
    dengue = NotifiableDisease.objects.get(name="Dengue")
    dengue.is_active = False
    with pytest.raises(NotAllowed):
        save_notifiable_disease(disease=dengue, by=doctor.user)

    save_notifiable_disease(disease=dengue, by=staff("administrator"))
    call_command("migrate", verbosity=0)  # does not write the list again

    assert rows("notifiable-diseases", doctor.user) == []
    assert not NotifiableDisease.objects.get(name="Dengue").is_active


@pytest.mark.parametrize("codes", ["", "a15", "A15,A16", "A15; A16", "A15-A19", "A15.", "A15, "])
def test_codes_that_would_mean_nothing_are_refused(codes):
    disease = NotifiableDisease(name="Plague", codes=codes, source="State list")

    with pytest.raises(ValidationError) as refused:
        save_notifiable_disease(disease=disease, by=SYSTEM)

    assert set(refused.value.message_dict) == {"codes"}


# --- quarters


def test_quarters_follow_one_another_over_the_end_of_the_year():
    found = quarters_between(date(2025, 11, 30), date(2026, 7, 1))

    assert found == [date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)]
    assert quarters_between(date(2026, 6, 30), date(2026, 6, 30)) == [date(2026, 4, 1)]


def test_each_quarter_counts_visits_and_different_patients_by_gender(doctor):
    asha, ravi = PatientFactory(gender="female"), PatientFactory(gender="male")
    zone = timezone.get_current_timezone()
    seen = [
        (asha, datetime(2025, 12, 31, 23, 45, tzinfo=zone)),
        (asha, datetime(2026, 1, 1, 0, 0, tzinfo=zone)),
        (asha, datetime(2026, 3, 31, 10, 0, tzinfo=zone)),
        (ravi, datetime(2026, 3, 31, 10, 0, tzinfo=zone)),
    ]
    for patient, starts_at in seen:
        visit_today(doctor, patient, starts_at=starts_at, status="completed")
    visit_today(doctor, asha, starts_at=seen[0][1], status="no_show")

    found = rows("quarterly-counts", staff("administrator"), days=(date(2025, 10, 1), date(2026, 6, 30)))

    assert [[row[one.name] for one in QUESTIONS["quarterly-counts"].columns] for row in found] == [
        ["2025 Q4", 1, 1, 1, 0, 0],
        ["2026 Q1", 3, 2, 1, 1, 0],
        ["2026 Q2", 0, 0, 0, 0, 0],
    ]
