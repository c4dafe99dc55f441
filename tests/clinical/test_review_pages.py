"""Reviews on the pages of carers and doctors, and in the staff site; no patient is named in public."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinical.models import Review
from clinical.services import answer_review, edit_review, moderate_review, write_review
from tests.clinical.rows import completed_visit, doctor_at_work, published, visit_today
from tests.factories import GuardianshipFactory, PatientFactory, carer_of, staff
from tests.opened import opened, send
from tests.scheduling.pages import field_error, links, text, title

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S14")]
LIST = "/me/reviews/"
ADMIN = "/admin/clinical/review/"


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def visit(doctor):
    return completed_visit(doctor, PatientFactory(full_name="Sunita Deshpande"))


@pytest.fixture
def carer(client, visit):
    user = carer_of(visit.patient)
    client.force_login(user)
    return user


def page_of(visit) -> str:
    return f"{LIST}{visit.reference}/"


def stored() -> list[tuple]:
    return list(Review.objects.order_by("pk").values_list("stars", "words", "status"))


def test_a_carer_rates_a_completed_visit_from_its_page(client, visit, carer):
    assert page_of(visit) in links(client.get(f"/me/appointments/{visit.reference}/"))
    assert title(client.get(page_of(visit))) == "Rate this visit"

    response = client.post(page_of(visit), {"stars": "5", "words": "Kind."}, follow=True)

    assert stored() == [(5, "Kind.", "waiting")]
    assert "Sunita Deshpande Waiting for approval 5.0 Rated 5.0 out of 5 Kind. Change" in text(response)


def test_a_review_without_stars_or_with_too_many_words_is_shown_again(client, visit, carer):
    response = client.post(page_of(visit), {"words": "x" * 1001})

    assert field_error(response, "stars") == "Choose one to five stars."
    assert field_error(response, "words") == "Please use at most 1000 characters. This text has 1001."
    assert ("x" * 1001 in text(response), stored()) == (True, [])


def test_a_visit_that_is_not_completed_has_no_page_for_a_review(client, doctor):
    visit = visit_today(doctor)
    client.force_login(carer_of(visit.patient))

    response = client.get(page_of(visit))

    assert (response.status_code, response.url) == (302, visit.get_absolute_url())
    assert page_of(visit) not in links(client.get(visit.get_absolute_url()))


@pytest.mark.parametrize("role", ["receptionist", "administrator", "doctor"])
def test_staff_who_see_the_visit_do_not_review_it(client, visit, role):
    client.force_login(staff(role))

    answers = [client.post(page_of(visit), {"stars": 5}), client.post(f"{page_of(visit)}withdraw/")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert stored() == []


def test_a_carer_changes_and_withdraws_a_review(client, visit, carer):
    published(visit)

    send(client, page_of(visit), {"stars": "2", "words": "Changed my mind."})
    changed = stored()
    send(client, f"{page_of(visit)}withdraw/", {})

    assert changed == [(2, "Changed my mind.", "waiting")]
    assert stored() == [(2, "Changed my mind.", "withdrawn")]


def test_a_carer_does_not_overwrite_what_another_one_has_written(client, visit, carer):
    review = published(visit)
    shown = opened(client, page_of(visit))
    edit_review(review=review, stars=3, words="Mother's words.", by=carer_of(visit.patient))

    response = client.post(page_of(visit), shown | {"stars": "1", "words": "Bad."})

    assert response.status_code == 409
    assert "Mother's words." in text(response)
    assert stored() == [(3, "Mother's words.", "waiting")]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_shows_own_reviews_in_a_fixed_number_of_queries(
    client, doctor, count, django_assert_num_queries
):
    carer = carer_of()
    for _each in range(count):
        visit = completed_visit(doctor)
        GuardianshipFactory(user=carer, patient=visit.patient, relation="child")
        review = write_review(appointment=visit, stars=4, words="Kind.", by=carer)
        moderate_review(review=review, status="refused", reason="Names a nurse", by=staff("administrator"))
    published(completed_visit(doctor), words="Of others")
    client.force_login(carer)

    with django_assert_num_queries(8):
        response = client.get(LIST)

    assert text(response).count("Not published: Names a nurse") == count
    assert "Of others" not in text(response)


def test_the_doctors_page_shows_published_reviews_without_names(client, doctor, visit):
    review = published(visit, 4, "Listened well.")
    answer_review(review=review, answer="Thank you.", by=doctor.user)
    waiting = completed_visit(doctor)
    write_review(appointment=waiting, stars=1, words="Not yet approved", by=carer_of(waiting.patient))

    page = text(client.get(f"/doctors/{doctor.reference}/"))
    cards = text(client.get("/doctors/"))

    month = timezone.localtime(visit.starts_at).strftime("%B %Y")
    assert "4.0 Rated 4.0 out of 5 from 1 verified visit" in cards
    assert (
        "What patients say 4.0 Rated 4.0 out of 5 from 1 verified visit 4.0 Rated 4.0 out of 5 "
        f"Listened well. The doctor's answer Thank you. A patient, {month}"
    ) in page
    for hidden in ("Sunita", "Deshpande", visit.patient.mrn, "Not yet approved"):
        assert hidden not in page + cards


def test_the_doctors_page_shows_the_last_five_in_one_query_more(client, doctor):
    page = f"/doctors/{doctor.reference}/"
    client.get(page)
    counts = []
    for how_many in (0, 1, 6):
        while Review.objects.count() < how_many:
            published(completed_visit(doctor), words=f"Number {Review.objects.count()}.")
        with CaptureQueriesContext(connection) as queries:
            response = client.get(page)
        counts.append(len(queries))

    assert counts == [counts[0], counts[0] + 1, counts[0] + 1]
    assert [f"Number {number}." in text(response) for number in range(6)] == [False, *[True] * 5]


def test_an_administrator_publishes_and_refuses_with_a_reason(client, visit, carer):
    review = write_review(appointment=visit, stars=4, words="Kind.", by=carer)
    client.force_login(staff("administrator"))
    page = f"{ADMIN}{review.pk}/change/"

    without = send(client, page, {"becomes": "refused"})
    send(client, page, {"becomes": "refused", "reason": "Names a nurse"})
    refused = Review.objects.values_list("status", "refusal_reason").get()
    send(client, page, {"becomes": "published"})

    assert without.context["adminform"].form.errors == {"reason": ["Give a reason."]}
    assert refused == ("refused", "Names a nurse")
    assert stored() == [(4, "Kind.", "published")]


def test_words_that_the_administrator_has_not_seen_are_not_published(client, visit, carer):
    review = write_review(appointment=visit, stars=4, words="Kind.", by=carer)
    client.force_login(staff("administrator"))
    page = f"{ADMIN}{review.pk}/change/"
    shown = opened(client, page)
    edit_review(review=review, stars=1, words="Something else.", by=carer)

    response = client.post(page, shown | {"becomes": "published"})

    assert response.status_code == 409
    assert stored() == [(1, "Something else.", "waiting")]


def test_a_doctor_answers_without_learning_who_wrote(client, doctor, visit):
    review, other = published(visit), published(completed_visit(doctor_at_work()), words="Of another doctor")
    client.force_login(doctor.user)
    page = f"{ADMIN}{review.pk}/change/"

    send(client, page, {"answer": "Thank you."})
    shown = text(client.get(ADMIN)) + text(client.get(page))

    assert Review.objects.get(pk=review.pk).answer == "Thank you."
    assert "Listened well." in shown
    for hidden in ("Sunita", visit.reference, review.recorded_by.full_name, other.words):
        assert hidden not in shown
    assert client.get(f"{ADMIN}?patient__id__exact={visit.patient_id}").status_code in (302, 400)
    assert client.get(f"{ADMIN}{review.pk}/history/").status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_the_staff_site_takes_a_fixed_number_of_queries(
    client, doctor, count, django_assert_num_queries
):
    for _each in range(count):
        published(completed_visit(doctor))
    client.force_login(staff("administrator"))
    client.get(ADMIN)

    with django_assert_num_queries(11):
        response = client.get(ADMIN)

    assert text(response).count("Listened well.") == count
