"""What a later version brings reaches a hospital that has its own list, and changes nothing of it."""

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from hms.advice.models import Article
from hms.advice.services import add_shipped_articles
from hms.core.refusals import NotAllowed
from scheduling.models import Complaint, Discipline
from scheduling.services.shipped import add_shipped_words, not_in_list
from tests.factories import staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S15")]
PAGE = "/admin/scheduling/complaint/shipped/"


@pytest.fixture
def older():
    """A hospital that came with an older version and has written its own words."""
    Complaint.objects.filter(name__in=["Snake bite", "Burns"]).delete()
    mine = Complaint.objects.get(name="Chest pain")
    mine.words, mine.not_meant, mine.position = "chest tightness\nmy own words", "Angina\nown", 77
    mine.save()
    return mine


def test_everything_is_in_the_list_of_a_new_hospital():
    assert not_in_list(Complaint) == not_in_list(Discipline) == []


def test_missing_rows_and_phrases_are_offered_but_not_what_the_hospital_decided_otherwise(older):
    offered = {one.name: one for one in not_in_list(Complaint)}

    assert "Snake bite" in offered
    assert offered["Snake bite"].kind == "An emergency"
    assert "heart attack" in offered["Chest pain"].words
    assert {"chest tightness", "angina"}.isdisjoint(offered["Chest pain"].words)


def test_an_administrator_adds_what_is_chosen_and_keeps_what_is_written(client, older):
    client.force_login(staff("administrator"))

    page = client.get(PAGE)
    client.post(PAGE, {"chosen": ["Chest pain", "Snake bite", "Nothing of ours"]})

    older.refresh_from_db()
    assert 'value="Snake bite" checked' in page.text
    assert older.words.splitlines()[:2] == ["chest tightness", "my own words"]
    assert older.not_meant.splitlines()[:2] == ["Angina", "own"]
    assert older.position == 77
    assert "This is an emergency" in client.post("/find-care/", {"words": "saanp kata"}).text
    assert {one.name for one in not_in_list(Complaint)}.isdisjoint({"Chest pain", "Snake bite"})
    entry = AuditEvent.objects.filter(model="scheduling.complaint", object_pk=str(older.pk)).latest("pk")
    assert (entry.action, entry.reason) == ("update", "Came with the software")


def test_adding_twice_adds_once(older):
    names = [one.name for one in not_in_list(Complaint)]
    first = add_shipped_words(model=Complaint, names=names, by=staff("administrator"))

    again = add_shipped_words(model=Complaint, names=names, by=staff("administrator"))

    assert (first, again) == (len(names), 0)


def test_a_complaint_brings_its_discipline(older):
    Discipline.objects.get(name="Plastic Surgery").delete()

    add_shipped_words(model=Complaint, names=["Burns"], by=staff("administrator"))

    row = Complaint.objects.get(name="Burns")
    assert (row.discipline.name, row.discipline.instead.name) == ("Plastic Surgery", "General Surgery")


@pytest.mark.parametrize("role", ["receptionist", "doctor", "auditor"])
def test_only_administrators_add(client, older, role):
    with pytest.raises(NotAllowed):
        add_shipped_words(model=Complaint, names=["Snake bite"], by=staff(role))
    with pytest.raises(NotAllowed):
        add_shipped_articles(titles=["Collecting a urine sample"], by=staff(role))
    client.force_login(staff(role))
    assert client.post(PAGE, {"chosen": ["Snake bite"]}).status_code == 403
    assert not Complaint.objects.filter(name="Snake bite").exists()


def test_the_list_says_how_much_is_missing(client, older):
    client.force_login(staff("administrator"))
    before = client.get("/admin/scheduling/complaint/").text
    client.post(PAGE, {"chosen": [one.name for one in not_in_list(Complaint)]})

    assert "Not in your list: 3" in before
    assert "Not in your list" not in client.get("/admin/scheduling/complaint/").text
    assert "has everything that comes with the software" in client.get(PAGE).text


@pytest.mark.feature("R06")
def test_articles_are_added_as_drafts_and_own_ones_stay(client):
    client.force_login(staff("administrator"))
    own = {"title": "collecting a URINE sample", "slug": "urine", "text": "Ours.", "position": 4}
    Article.objects.create(kind="preparation", source="Us", is_published=True, **own)
    page = reverse("admin:advice_article_shipped")
    titles = [one.name for one in client.get(page).context["shipped"]]

    client.post(page, {"chosen": titles})

    added = Article.objects.exclude(slug="urine")
    assert "Collecting a urine sample" not in titles
    assert added.count() == len(titles) > 5
    assert not added.filter(is_published=True).exists()
    assert Article.objects.get(slug="urine").text == "Ours."
