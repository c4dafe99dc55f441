"""“Whom should I see?” answers with an alarm or with disciplines, and keeps nothing of what is typed."""

import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from hms.advice.models import Article
from scheduling.models import Complaint
from tests.factories import DepartmentFactory, UserFactory, doctor_with_hours
from tests.scheduling.pages import doctors, field_error, links, text, title

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S15"), pytest.mark.usefixtures("sunday_noon")]
PAGE = "/find-care/"


@pytest.fixture
def hospital():
    for slug, name, title_, doctor in (
        ("bones", "Orthopaedics", "Orthopaedic Surgeon", "Dr Vikram Hegde"),
        ("medicine", "General Medicine", "General Physician", "Dr Asha Rao"),
        ("hearts", "Cardiology", "Cardiologist", "Dr Meera Pillai"),
    ):
        department = DepartmentFactory(slug=slug, name=name)
        doctor_with_hours(full_name=doctor, department=department, specialization__name=title_)


def ask(client, words: str = "", **more):
    return client.post(PAGE, {"words": words} | more)


def test_words_lead_to_departments_and_doctors(client, hospital):
    page = ask(client, "nee pain in my knes")

    assert doctors(page) == ["Dr Vikram Hegde"]
    assert links(page, "/departments/") == ["/departments/bones/"]
    assert "/doctors/?q=Orthopaedics" in links(page)


def test_a_complaint_of_the_list_leads_there_too(client, hospital):
    page = client.get(PAGE)
    complaint = Complaint.objects.get(name="Bone, joint and back pain")

    assert f'name="about" value="{complaint.name}"' in page.text
    assert doctors(ask(client, about=complaint.name)) == ["Dr Vikram Hegde"]


def test_every_complaint_of_the_list_is_understood_by_its_name(client, hospital):
    for complaint in Complaint.objects.filter(is_listed=True).exclude(urgency="routine"):
        assert "This is an emergency: call 108" in ask(client, about=complaint.name).text
    for complaint in Complaint.objects.filter(is_listed=True, urgency="routine"):
        assert "This is an emergency" not in ask(client, about=complaint.name).text
        assert "We did not find anything" not in ask(client, about=complaint.name).text


def test_an_emergency_comes_first_and_offers_no_times(client, hospital, settings):
    settings.HOSPITAL = settings.HOSPITAL | {"emergency_phone": "112"}

    page = ask(client, "chest pain since morning")

    assert "This is an emergency: call 112" in text(page)
    assert text(page).index("This is an emergency") < text(page).index(
        "What is wrong, or what are you looking"
    )
    assert title(page) == "Emergency: Whom should I see?"
    assert links(page, "tel:112") == ["tel:112"] * 3
    assert doctors(page) == []


def test_thoughts_of_suicide_lead_to_a_help_line_too(client, hospital, settings):
    page = ask(client, "i dont want to live")

    assert "This is an emergency: call 108" in text(page)
    assert links(page, "tel:14416") == ["tel:14416"]
    settings.HOSPITAL = settings.HOSPITAL | {"crisis_line": ""}
    assert "Tele-MANAS" not in text(ask(client, "i dont want to live"))


def test_a_discipline_that_is_not_here_is_named(client, hospital):
    page = ask(client, "loose motions")

    assert "Gastroenterology has no doctor here. General Medicine can see you first and refer you." in text(
        page
    )
    assert doctors(page) == ["Dr Asha Rao"]


def test_it_says_that_it_is_no_diagnosis(client):
    assert "This is no diagnosis" in text(client.get(PAGE))
    assert "This is no diagnosis" in text(ask(client, "knee pain"))


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("", "Write a few words, or choose from the list."),
        ("x" * 301, "Please use at most 300 characters. This text has 301."),
    ],
)
def test_nothing_and_too_much_are_told_at_the_field(client, words, error):
    page = ask(client, words)

    assert (title(page), field_error(page, "words")) == ("Error: Whom should I see?", error)


def test_words_without_a_meaning_say_what_to_do(client, hospital):
    assert "We did not find anything for these words" in text(ask(client, "asdf qwer"))


def test_articles_are_found_by_the_same_words(client):
    Article.objects.create(
        kind="question",
        slug="park",
        title="Where can I park?",
        words="parking\nmy car",
        text="x",
        is_published=True,
    )
    Article.objects.create(kind="question", slug="draft", title="Parking rates", text="x", words="parking")

    page = ask(client, "is there parkng for my cars")

    assert links(page, "/advice/p") == ["/advice/park/"]
    assert "Parking rates" not in page.text


def test_what_is_typed_is_in_no_table_query_log_cookie_or_address(client, caplog, hospital):
    client.force_login(UserFactory())
    client.get(PAGE)
    events = AuditEvent.objects.count()

    with CaptureQueriesContext(connection) as queries, caplog.at_level(logging.DEBUG):
        page = ask(client, "zebrafish and knee pain")

    assert 'method="post"' in page.text
    assert not any("zebrafish" in query["sql"] for query in queries)
    assert "zebrafish" not in caplog.text
    assert "zebrafish" not in str(client.cookies)
    assert AuditEvent.objects.count() == events
    assert page["Cache-Control"].count("no-store") == 1
    assert "zebrafish" not in client.get(PAGE, {"words": "zebrafish"}).text


def test_a_stranger_gets_no_cookie_and_needs_no_token(client, settings):
    page = ask(client, "knee pain")

    assert (page.status_code, page.cookies, page["Cache-Control"]) == (200, {}, "no-store")
    assert "csrfmiddlewaretoken" not in page.text
    assert client.get(PAGE).cookies == {}


def test_as_many_queries_for_one_discipline_as_for_three(client, hospital, django_assert_num_queries):
    ask(client, "knee")
    with CaptureQueriesContext(connection) as one:
        ask(client, "knee")
    with CaptureQueriesContext(connection) as three:
        ask(client, "knee fever palpitations")

    assert (len(one), len(three) - len(one)) == (len(one), 4)  # two for the cards of each discipline
