"""The average and number of a doctor are those of the published reviews, whatever happens in which order."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from clinical.models import Review
from clinical.services import edit_review, moderate_review, withdraw_review, write_review
from clinical.services.reviews import average
from hms.core.states import StepRefused
from scheduling.models import Doctor
from scheduling.services.directory import save_doctor
from tests.clinical.rows import completed_visit, doctor_at_work, published
from tests.factories import carer_of, staff
from tests.racing import race

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S14")]


def rating(doctor) -> tuple:
    return Doctor.objects.values_list("rating", "rating_count").get(pk=doctor.pk)


def test_saving_a_doctor_who_was_read_before_keeps_the_rating():
    doctor = doctor_at_work()
    read_before = Doctor.objects.get(pk=doctor.pk)
    published(completed_visit(doctor))

    read_before.biography = "Listens."
    save_doctor(doctor=read_before, by=staff("administrator"))

    assert rating(doctor) == (Decimal("4.0"), 1)
    assert Doctor.objects.get(pk=doctor.pk).biography == "Listens."


@given(st.lists(st.integers(1, 5)))
def test_the_average_is_rounded_half_up_to_a_tenth(stars):
    found = average(sum(stars) if stars else None, len(stars))

    if not stars:
        assert found is None
    else:  # in whole numbers: the floor of 10 * mean + 1/2
        assert found * 10 == (20 * sum(stars) + len(stars)) // (2 * len(stars))


STEPS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from("peRW"), st.integers(1, 5)), max_size=12)


@given(STEPS)
def test_after_any_steps_the_average_is_that_of_the_published_reviews(steps):
    with transaction.atomic():
        doctor, administrator = doctor_at_work(), staff("administrator")
        visits = [completed_visit(doctor) for _each in range(3)]
        carers = [carer_of(visit.patient) for visit in visits]
        reviews = [
            write_review(appointment=visit, stars=3, words="", by=carer)
            for visit, carer in zip(visits, carers, strict=True)
        ]
        shown = {}
        for which, step, stars in steps:
            review, carer = Review.objects.get(pk=reviews[which].pk), carers[which]
            take(review, step, stars, carer, administrator)
            review.refresh_from_db()
            shown.pop(which, None)
            if review.status == "published":
                shown[which] = review.stars
            assert rating(doctor) == (average(sum(shown.values()), len(shown)), len(shown))
        transaction.set_rollback(True)


def take(review, step: str, stars: int, carer, administrator) -> None:
    """A step of the author or of the hospital; one that the status does not allow changes nothing."""
    try:
        match step:
            case "p":
                moderate_review(review=review, status="published", by=administrator)
            case "R":
                moderate_review(review=review, status="refused", reason="Insults", by=administrator)
            case "e":
                edit_review(review=review, stars=stars, words="", by=carer)
            case "W":
                withdraw_review(review=review, by=carer)
    except StepRefused:
        pass


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_reviews_that_are_published_at_once_are_all_counted():
    doctor, administrator = doctor_at_work(), staff("administrator")
    reviews = []
    for stars in (1, 2, 4, 5, 5, 5):
        visit = completed_visit(doctor)
        reviews.append(write_review(appointment=visit, stars=stars, words="", by=carer_of(visit.patient)))

    outcomes = race(
        *[lambda r=each: moderate_review(review=r, status="published", by=administrator) for each in reviews]
    )

    assert outcomes == {"Review": 6}
    assert rating(doctor) == (Decimal("3.7"), 6)


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_carers_who_review_a_visit_at_once_leave_one_review():
    visit = completed_visit(doctor_at_work())
    carers = [carer_of(visit.patient) for _each in range(4)]

    outcomes = race(
        *[
            lambda b=by, s=stars: write_review(appointment=visit, stars=s, words="", by=b)
            for stars, by in enumerate(carers, start=1)
        ]
    )

    assert outcomes == {"Review": 1, "AlreadyReviewed": 3}
    assert Review.objects.count() == 1
