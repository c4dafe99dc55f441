"""Questions and advice: published pages for everybody, kept by administrators."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clinical.models import LabOrder
from hms.advice.models import Article
from hms.advice.services import add_shipped_articles, save_article, shipped_articles
from hms.advice.templatetags.prose import prose
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from tests.clinical.lab_rows import ordered
from tests.clinical.rows import doctor_at_work
from tests.factories import staff
from tests.opened import boxes_of
from tests.scheduling.admin_day import change_page, errors, page
from tests.scheduling.pages import heading, links, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("R06")]


def article(**fields) -> Article:
    values = {
        "kind": "question",
        "slug": "parking",
        "title": "Where can I park?",
        "text": "Behind the house.",
    }
    return Article.objects.create(**values | {"is_published": True} | fields)


def test_the_list_shows_published_articles_by_kind_and_position(client, django_assert_num_queries):
    article(position=2)
    article(slug="pay", title="How can I pay?", position=1)
    article(slug="draft", title="Draft", is_published=False)
    article(slug="ors", title="What to drink", kind="advice", source="WHO")

    with django_assert_num_queries(1):
        shown = client.get("/advice/")

    assert [link for link in links(shown, "/advice/") if link != "/advice/"] == [
        "/advice/pay/",
        "/advice/parking/",
        "/advice/ors/",
    ]
    assert "Draft" not in shown.text


def test_a_page_shows_the_text_and_its_source(client):
    article(
        slug="ors", kind="advice", title="What to drink", source="WHO, Diarrhoea", source_url="https://who.int/x",
        text="Drink.\n\n# Come if\n\n- blood\n- thirst\n\n<script>alert(1)</script>",
    )  # fmt: skip

    shown = client.get("/advice/ors/")

    assert heading(shown) == "What to drink"
    assert "<ul><li>blood</li><li>thirst</li></ul>" in shown.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown.text
    assert "Source: WHO, Diarrhoea" in text(shown)
    assert links(shown, "https://who.int") == ["https://who.int/x"]


@pytest.mark.parametrize("address", ["/advice/draft/", "/advice/nothing/", "/advice/PARKING/"])
def test_a_draft_and_an_unknown_article_have_no_page(client, address):
    article()
    article(slug="draft", title="Draft", is_published=False)

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("kind", ["advice", "preparation"])
def test_medical_advice_names_its_source(kind):
    nameless = Article(kind=kind, slug="x", title="Salt", text="Less.", source="  ")

    with pytest.raises(ValidationError) as refused:
        save_article(article=nameless, by=staff("administrator"))
    with pytest.raises(IntegrityError), transaction.atomic():
        article(kind=kind, slug="y", source="")

    assert refused.value.message_dict == {"source": ["Medical advice names its source."]}
    assert not Article.objects.exists()


@pytest.mark.parametrize("role", ["receptionist", "doctor", "auditor"])
def test_only_administrators_write(role):
    with pytest.raises(NotAllowed):
        save_article(article=Article(kind="question", slug="x", title="X", text="x"), by=staff(role))


def test_an_administrator_publishes_in_the_admin(client, administrator):
    form = {
        "kind": "advice",
        "title": "Salt",
        "slug": "salt",
        "text": "Less.",
        "position": 1,
        "is_published": "on",
    }
    refused = client.post(page("advice_article_add"), form)
    client.post(page("advice_article_add"), form | {"source": "WHO, Sodium reduction"})
    salt = Article.objects.get()
    client.post(change_page(salt), boxes_of(client.get(change_page(salt))) | {"title": "Less salt"})

    assert errors(refused) == {"source": ["Medical advice names its source."]}
    assert heading(client.get("/advice/salt/")) == "Less salt"
    assert client.get(page("advice_article_history", salt.pk)).status_code == 200


def test_the_name_of_an_article_is_used_once(client, administrator):
    article()
    form = {"kind": "question", "title": "WHERE can I  park?", "slug": "p", "text": "x", "position": 0}

    assert errors(client.post(page("advice_article_add"), form)) == {
        "title": ["“Where can I park?” already exists."]
    }


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", ""),
        ("a\nb", "<p>a b</p>"),
        ("a\n\nb", "<p>a</p>\n<p>b</p>"),
        ("- a\n- b\n\nc", "<ul><li>a</li><li>b</li></ul>\n<p>c</p>"),
        ("# T\ntext", "<h2>T</h2>\n<p>text</p>"),
        ("<b>&", "<p>&lt;b&gt;&amp;</p>"),
        ("{{ x }} {", "<p>{{ x }} {</p>"),
        ("- <img src=x onerror=alert(1)>", "<ul><li>&lt;img src=x onerror=alert(1)&gt;</li></ul>"),
    ],
)
def test_text_becomes_paragraphs_lists_and_headings_and_no_other_html(typed, shown):
    assert prose(typed) == shown


@pytest.mark.parametrize("count", [1, 3])
def test_who_ordered_tests_is_led_to_what_the_patient_reads_before_them(
    client, count, django_assert_num_queries
):
    add_shipped_articles(titles=[row["title"] for row in shipped_articles()], is_published=True, by=SYSTEM)
    doctor = doctor_at_work()
    ordered(doctor, *["fbg", "dengue", "uculture"][:count])
    client.force_login(doctor.user)
    address = f"/admin/lab/order/{LabOrder.objects.first().appointment.reference}/"
    client.get(address)

    with django_assert_num_queries(16):
        page = client.get(address)

    linked = re.findall(r'<a href="(/advice/[^"]+)">', page.text)
    assert (
        linked
        == [
            "/advice/preparing-for-a-fasting-blood-test/",
            "/advice/collecting-a-urine-sample/",
        ][: 1 + (count == 3)]
    )
