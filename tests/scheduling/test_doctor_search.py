"""The search for doctors finds whom somebody means, on the page, over REST and while typing."""

import pytest

from accounts.models import Language
from scheduling.models import Complaint, Discipline
from tests.factories import BranchFactory, DepartmentFactory, doctor_with_hours
from tests.scheduling.pages import doctors, text

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S15"),
    pytest.mark.feature("S06"),
    pytest.mark.usefixtures("sunday_noon"),
]
HEART, SKIN, CHILD = "Dr Asha Rao", "Dr Vikram Nair", "Dr Meera Pillai"
WITHOUT_WORDS, WITH_WORDS = 10, 13


@pytest.fixture
def three_doctors():
    heart = doctor_with_hours(
        full_name=HEART,
        gender="female",
        specialization__name="Cardiologist",
        department=DepartmentFactory(slug="cardiology", name="Cardiology"),
    )
    lake = BranchFactory(name="Lake Road", city="Udupi", county="Udupi District")
    heart.schedules.update(branch=lake)
    heart.languages.add(Language.objects.get_or_create(code="kn", defaults={"name": "Kannada"})[0])
    doctor_with_hours(
        full_name=SKIN,
        gender="male",
        specialization__name="Dermatologist",
        department=DepartmentFactory(slug="skin", name="Skin and hair"),
    )
    doctor_with_hours(
        full_name=CHILD,
        gender="female",
        specialization__name="Paediatrician",
        department=DepartmentFactory(slug="children", name="Kids clinic"),
    )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("heart", [HEART]),
        ("heart doctor", [HEART]),
        ("cardiolgy", [HEART]),
        ("palpitations", [HEART]),
        ("skin", [SKIN]),
        ("dermatalogist", [SKIN]),
        ("hair fall", [SKIN]),
        ("child", [CHILD]),
        ("pediatric", [CHILD]),
        ("PEDIATRICIANS", [CHILD]),
        ("kids", [CHILD]),
        ("kannada", [HEART]),
        ("heart kannada", [HEART]),
        ("skin kannada", []),
        ("udupi", [HEART]),
        ("Lake Road", [HEART]),
        ("skin udupi", []),
        ("lady doctor", [HEART, CHILD]),
        ("nair", [SKIN]),
        ("Nasrallah", []),
        ("asha pilai", []),
        ("pilai", [CHILD]),
        ("asha", [HEART]),
        ("best heart doctor near me", [HEART]),
        ("heart uncle", [HEART]),
        ("uncle", []),
        ("dr", [HEART, CHILD, SKIN]),
        ("skin or child", [CHILD, SKIN]),
        ("gynecologist", []),
        ("no heart", []),
    ],
)
def test_the_list_finds_whom_one_means(client, three_doctors, words, found):
    page = client.get("/doctors/", {"q": words, "sort": "name"})
    answer = client.get("/api/v1/doctors/", {"q": words})

    assert doctors(page) == found
    assert [row["full_name"] for row in answer.json()["results"]] == found


def test_a_list_says_how_it_was_found(client, three_doctors):
    page = client.get("/doctors/?q=hart+kannada")

    assert "Found by: Cardiology · Kannada" in text(page)


def test_an_emergency_comes_before_the_doctors(client, three_doctors):
    page = text(client.get("/doctors/?q=chest+pain"))

    assert "This is an emergency: call 108" in page
    assert page.index("This is an emergency") < page.index(HEART)
    assert "This is an emergency" not in text(client.get("/doctors/?q=no+chest+pain"))


def test_where_nobody_practises_a_discipline_another_stands_in(client, three_doctors):
    kidneys = Discipline.objects.get(name="Nephrology")
    kidneys.instead = Discipline.objects.get(name="Cardiology")
    kidneys.save()

    assert doctors(client.get("/doctors/?q=kidney")) == [HEART]


def test_a_word_that_an_administrator_adds_is_found_at_once(client, three_doctors):
    assert doctors(client.get("/doctors/?q=hridaya")) == []

    row = Discipline.objects.get(name="Cardiology")
    row.words += "\nhridaya"
    row.save()

    assert doctors(client.get("/doctors/?q=hridaya")) == [HEART]


@pytest.mark.parametrize(("query", "most"), [("", WITHOUT_WORDS), ("?q=heart", WITH_WORDS)])
def test_words_cost_three_queries_for_one_doctor_and_for_three(
    client, three_doctors, django_assert_num_queries, query, most
):
    client.get(f"/doctors/{query}")

    with django_assert_num_queries(most):
        client.get(f"/doctors/{query}")
    with django_assert_num_queries(most):
        client.get("/doctors/" + query.replace("heart", "lady"))


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("car", ["Cardiology", "Cardiologist"]),
        ("cardiolgy", ["Cardiology"]),
        ("ash", [HEART]),
        ("kan", ["Kannada"]),
        ("udu", ["Udupi"]),
        ("hair fall", ["Skin rash, hair fall, acne", "Dermatology"]),
        ("c", []),
        ("", []),
        ("zzzz", []),
    ],
)
def test_suggestions_while_typing(client, three_doctors, typed, offered):
    answer = client.post("/doctors/suggestions/", {"q": typed})

    assert [
        line.split('"')[1] for line in answer.text.splitlines() for line in line.split("<option")[1:]
    ] == offered
    assert answer["Cache-Control"] == "no-store"


def test_suggestions_are_asked_without_words_in_an_address_and_set_no_cookie(client, three_doctors):
    assert client.get("/doctors/suggestions/?q=heart").status_code == 405
    assert client.post("/doctors/suggestions/", {"q": '"><b>'}).text.count("<b>") == 0
    assert client.cookies == {}


def test_without_rows_of_words_names_are_found_still(client, three_doctors):
    Complaint.objects.all().delete()
    Discipline.objects.update(instead=None)
    Discipline.objects.all().delete()

    assert doctors(client.get("/doctors/?q=cardio")) == [HEART]
