"""Patients see who accessed their record, and nothing about other patients."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.particulars import Particulars
from accounts.services import update_patient
from audit.capture.context import audit_context
from audit.capture.reads import log_reads, noted_reads
from audit.capture.recorder import record_event
from audit.models import Action, AuditEvent
from hms.core.rights import SYSTEM
from scheduling.services import book_appointment
from tests.costs import READ
from tests.factories import GuardianshipFactory, PatientFactory, at, doctor_with_hours, staff
from tests.scheduling.pages import text, title

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U06"), pytest.mark.usefixtures("sunday_noon")]
PAGE = "/me/records/access/"
# session, user, people, entries, carers
QUERIES = 5 + READ


@pytest.fixture
def ravi():
    return staff("receptionist", full_name="Ravi Desk", email="ravi@secret.example")


@pytest.fixture
def opens(client):
    """Open pages of the staff site as this user."""

    def visit(user, *pages, **words):
        client.force_login(user)
        return [client.get(f"/admin/{page}", words) for page in pages]

    return visit


def lines(response) -> list[tuple]:
    return [
        (line.description.who, line.description.what, line.count)
        for day in response.context["days"]
        for line in day.lines
    ]


def seen_by(client, user, page=PAGE):
    client.force_login(user)
    return client.get(page)


def test_the_patient_sees_who_accessed_what_and_why(client, patient, carer, opens, ravi):
    doctor = doctor_with_hours(user=staff("doctor", full_name="Dr Meera Iyer"))
    visit = book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=carer)
    opens(ravi, f"accounts/patient/{patient.pk}/change/", f"scheduling/appointment/{visit.pk}/history/")
    opens(doctor.user, f"scheduling/appointment/{visit.pk}/change/")

    response = seen_by(client, carer, f"{PAGE}?show=others")

    assert title(response) == "Who accessed my record"
    assert lines(response)[:3] == [
        ("Dr Meera Iyer", "Viewed your appointment", 1),
        ("Ravi Desk", "Viewed the history of your appointment", 1),
        ("Ravi Desk", "Viewed your details", 1),
    ]
    assert "Today, Sunday 22 November 2026" in text(response)
    assert "Dr Meera Iyer Doctor Viewed your appointment Doctors see the records" in text(response)
    assert "Ravi Desk Receptionist" in text(response)
    assert "The front desk books, checks people in and takes payments." in text(response)


def test_lists_and_searches_show_only_that_the_patient_was_on_them(client, patient, carer, opens, ravi):
    other = PatientFactory(full_name="Tara Theirs", mrn="T099999")
    opens(ravi, "accounts/patient/")
    opens(ravi, "accounts/patient/", q="t0")
    update_patient(patient=other, particulars=Particulars(city="Mandya"), by=ravi)

    response = seen_by(client, carer)

    assert ("Ravi Desk", "Saw you in a list of patients", 1) in lines(response)
    for secret in ("Tara", other.mrn, "Mandya", "127.0.0.1", "ravi@secret.example", "t0", other.reference):
        assert secret not in text(response)
    assert not re.search(rf"\b{AuditEvent.objects.latest('pk').pk}\b", response.text)


def test_a_search_that_found_the_patient_says_so(client, patient, carer, opens, ravi):
    opens(ravi, "accounts/patient/", q=patient.mrn)

    assert ("Ravi Desk", "Found you in a search of patients", 1) in lines(seen_by(client, carer))


def test_changes_refusals_reasons_and_the_system_are_shown(client, patient, carer, opens, ravi):
    with audit_context(actor=ravi, source="admin", reason="Moved house"):
        update_patient(patient=patient, particulars=Particulars(city="Mandya"), by=ravi)
    opens(staff("doctor", full_name="Dr Kiran Shah"), f"accounts/patient/{patient.pk}/change/")
    book_appointment(patient=patient, doctor=doctor_with_hours(), starts_at=at(9), by=SYSTEM)

    response = seen_by(client, carer, f"{PAGE}?show=others")

    told = lines(response)
    assert ("Ravi Desk", "Changed your details", 1) in told
    assert ("Dr Kiran Shah", "Tried to open your record, and was refused", 1) in told
    assert "Reason given: Moved house" in text(response)
    assert "Mandya" not in response.text


def test_repeated_accesses_on_a_day_are_one_line(client, patient, carer, opens, ravi):
    page = f"accounts/patient/{patient.pk}/change/"
    for hour in (12, 13, 14):
        with time_machine.travel(datetime(2026, 11, 22, hour, tzinfo=UTC), tick=False):
            opens(ravi, page)
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False):
        opens(ravi, page)
        response = seen_by(client, carer, f"{PAGE}?show=others")

    days = [(str(day.day), [line.count for line in day.lines]) for day in response.context["days"]]
    assert days[0] == ("2026-11-23", [1])
    assert days[1][0] == "2026-11-22"
    assert ("Ravi Desk", "Viewed your details", 3) in lines(response)
    assert "1:00 PM to 3:00 PM" in text(response)


def test_own_accesses_say_you_and_other_carers_are_named(client, patient, carer):
    mother = GuardianshipFactory(user__full_name="Uma Rao", patient=patient, relation="parent").user
    seen_by(client, mother, "/me/profile/")
    seen_by(client, carer, "/me/appointments/")

    response = seen_by(client, carer)
    told = lines(response)

    assert ("Uma Rao", "Viewed your details", 1) in told
    assert "Acts for this patient." in text(response)
    assert [who for who, _what, _count in told].count("You") >= 1
    assert "You" not in {who for who, _what, _count in lines(seen_by(client, carer, f"{PAGE}?show=others"))}


def test_a_childs_page_uses_the_childs_name(client, patient, carer, opens, ravi):
    child = PatientFactory(full_name="Dev Rao")
    GuardianshipFactory(user=carer, patient=child, relation="parent")
    opens(ravi, f"accounts/patient/{child.pk}/change/")

    response = seen_by(client, carer, f"{PAGE}?person={child.reference}")

    assert title(response) == "Who accessed the record of Dev Rao"
    assert ("Ravi Desk", "Viewed Dev Rao’s details", 1) in lines(response)  # noqa: RUF001
    assert ("Ravi Desk", "Viewed your details", 1) not in lines(seen_by(client, carer))


def test_without_the_right_to_see_records_the_page_is_refused_and_logged(client, carer):
    child = GuardianshipFactory(user=carer, relation="parent", may_see_records=False).patient
    stranger = PatientFactory()

    answers = [
        seen_by(client, carer, f"{PAGE}?person={reference}")
        for reference in (child.reference, stranger.reference, "nobody")
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    refused = AuditEvent.objects.filter(outcome="refused").values_list("patient_id", flat=True)
    assert sorted(refused) == sorted([child.pk, stranger.pk])
    no_records = GuardianshipFactory(may_see_records=False).user
    assert seen_by(client, no_records).status_code == 404
    assert PAGE not in seen_by(client, no_records, "/me/").text
    assert PAGE not in seen_by(client, no_records, "/me/profile/").text


def test_the_page_is_found_from_records_details_and_overview(client, carer):
    pages = [seen_by(client, carer, page) for page in ("/me/", "/me/records/", "/me/profile/")]

    assert [PAGE in page.text for page in pages] == [True] * 3


@pytest.fixture
def looked(patient, ravi):
    def look(*moments):
        for moment in moments:
            with time_machine.travel(moment, tick=False), audit_context(actor=ravi, source="admin"):
                record_event(Action.READ, obj=patient)

    return look


def days_of(response) -> list[tuple[str, list[int]]]:
    return [(str(day.day), [line.count for line in day.lines]) for day in response.context["days"]]


def test_older_days_are_on_further_pages(client, carer, looked, monkeypatch):
    monkeypatch.setattr("hms.site.who_accessed.LINES_A_PAGE", 2)
    looked(*(at(9, days=-number) for number in range(1, 6)))

    first = seen_by(client, carer, f"{PAGE}?until=2026-11-21")
    second = client.get(f"{PAGE}?until={first.context['earlier']}")
    third = client.get(f"{PAGE}?until={second.context['earlier']}")

    assert [days_of(page) for page in (first, second, third)] == [
        [("2026-11-21", [1]), ("2026-11-20", [1])],
        [("2026-11-19", [1]), ("2026-11-18", [1])],
        [("2026-11-17", [1])],
    ]
    assert third.context["earlier"] is None
    assert "Earlier days" in text(first)
    assert client.get(f"{PAGE}?until=2026-99-99").status_code == 200
    assert client.get(f"{PAGE}?until=0001-01-01").status_code == 200


@pytest.mark.parametrize(
    ("batch", "shown"), [(2, [("2026-11-21", [4])]), (5, [("2026-11-21", [4])]), (6, None), (7, None)]
)
def test_a_day_is_never_shown_in_part(batch, shown, client, carer, looked, monkeypatch):
    monkeypatch.setattr("hms.site.who_accessed.BATCH", batch)
    yesterday = at(9, days=-1)
    looked(*(yesterday - timedelta(minutes=number) for number in range(4)))
    looked(*(yesterday - timedelta(days=1, minutes=number) for number in range(2)))

    first = seen_by(client, carer, f"{PAGE}?until=2026-11-21")
    second = client.get(f"{PAGE}?until={first.context['earlier'] or '2020-01-01'}")

    both = [("2026-11-21", [4]), ("2026-11-20", [2])]
    assert days_of(first) == (shown or both[: 2 if batch == 7 else 1])
    assert days_of(first) + days_of(second) == both


def test_a_record_without_accesses_says_so(client, patient, carer):
    others = text(seen_by(client, carer, f"{PAGE}?show=others&until=2020-01-01"))

    assert "Nobody but you has accessed this record" in others
    assert "Nobody has accessed this record yet" in text(client.get(f"{PAGE}?until=2020-01-01"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three_accesses(
    count, client, patient, carer, ravi, django_assert_num_queries
):
    for number in range(count):
        with audit_context(actor=ravi, source="admin", reason=f"Reason {number}"), noted_reads() as seen:
            list(type(patient).objects.visible_to(ravi))
            log_reads(seen, details={"view": "list"})
    client.force_login(carer)
    client.get(f"{PAGE}?until=2020-01-01")

    with django_assert_num_queries(QUERIES):
        response = client.get(f"{PAGE}?show=others")

    assert len([line for line in lines(response) if line[0] == "Ravi Desk"]) == count
