"""A visit is reviewed once by somebody who cares for the patient; the doctor's average follows at once."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from clinical.exceptions import (
    AlreadyReviewed,
    NotPublished,
    NotYourReview,
    OwnReview,
    ReasonMissing,
    VisitNotCompleted,
)
from clinical.models import Review
from clinical.services import (
    answer_review,
    edit_review,
    moderate_review,
    withdraw_review,
    write_review,
)
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from scheduling.models import Doctor
from tests.clinical.rows import completed_visit, doctor_at_work, published, visit_today
from tests.factories import GuardianshipFactory, carer_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S14")]


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def visit(doctor):
    return completed_visit(doctor)


@pytest.fixture
def carer(visit):
    return carer_of(visit.patient)


@pytest.fixture
def administrator():
    return staff("administrator")


@pytest.fixture
def review(visit, carer):
    return write_review(appointment=visit, stars=4, words="Listened well.", by=carer)


def rating(doctor) -> tuple:
    return Doctor.objects.values_list("rating", "rating_count").get(pk=doctor.pk)


def stored() -> list[tuple]:
    return list(Review.objects.order_by("pk").values_list("stars", "words", "status"))


def test_a_review_waits_and_counts_only_after_it_is_published(doctor, visit, carer, administrator):
    review = write_review(appointment=visit, stars=4, words="  Kind,\r\nand  patient. ", by=carer)
    before = rating(doctor)

    moderate_review(review=review, status="published", by=administrator)

    assert before == (None, 0)
    assert stored() == [(4, "Kind,\nand patient.", "published")]
    assert (review.patient, review.doctor, review.recorded_by) == (visit.patient, doctor, carer)
    assert rating(doctor) == (Decimal("4.0"), 1)


@pytest.mark.parametrize("scope", ["may_book", "may_see_records"])
def test_a_carer_needs_one_of_two_scopes(visit, scope):
    rights = {"may_book": False, "may_see_records": False, "may_pay": True}

    for by in (carer_of(visit.patient, **rights), carer_of(), staff("receptionist"), SYSTEM):
        with pytest.raises(NotAllowed):
            write_review(appointment=visit, stars=1, words="", by=by)

    write_review(appointment=visit, stars=5, words="", by=carer_of(visit.patient, **rights | {scope: True}))
    assert stored() == [(5, "", "waiting")]


@pytest.mark.parametrize("status", ["booked", "arrived", "in_consultation", "cancelled", "no_show"])
def test_only_a_completed_visit_can_be_reviewed(doctor, status):
    visit = visit_today(doctor, status=status)

    with pytest.raises(VisitNotCompleted):
        write_review(appointment=visit, stars=5, words="", by=carer_of(visit.patient))


def test_a_visit_is_reviewed_once_and_a_double_click_is_harmless(visit, carer, review):
    again = write_review(appointment=visit, stars=4, words="Listened well.", by=carer)

    with pytest.raises(AlreadyReviewed):
        write_review(appointment=visit, stars=1, words="Bad.", by=carer)

    assert again == review
    assert stored() == [(4, "Listened well.", "waiting")]


@pytest.mark.parametrize(("stars", "words"), [(0, ""), (6, ""), (5, "x" * 1001)])
def test_stars_and_length_have_limits(visit, carer, stars, words):
    with pytest.raises(ValidationError):
        write_review(appointment=visit, stars=stars, words=words, by=carer)

    review = write_review(appointment=visit, stars=1, words="x" * 1000, by=carer)
    with pytest.raises(ValidationError):
        edit_review(review=review, stars=stars, words=words, by=carer)
    assert stored() == [(1, "x" * 1000, "waiting")]


@pytest.mark.parametrize("wrong", [{"stars": 6}, {"stars": 0}, {"status": "refused"}, {"answer": "Thanks"}])
def test_the_database_refuses_impossible_reviews(review, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(**wrong)


def test_an_edited_review_waits_again_and_loses_the_answer_to_other_words(doctor, visit, carer):
    review = published(visit)
    answer_review(review=review, answer="Thank you.", by=doctor.user)

    same = edit_review(review=review, stars=4, words="Listened well.", by=carer)
    edited = edit_review(review=review, stars=2, words="Changed my mind.", by=carer)

    assert (same.status, same.answer) == ("published", "Thank you.")
    assert (edited.status, edited.answer, edited.answered_at) == ("waiting", "", None)
    assert edited.recorded_by == carer
    assert rating(doctor) == (None, 0)


def test_a_refusal_needs_a_reason_and_can_be_taken_back(doctor, carer, administrator, review):
    with pytest.raises(ReasonMissing):
        moderate_review(review=review, status="refused", reason=" ", by=administrator)

    refused = moderate_review(review=review, status="refused", reason="Names a nurse", by=administrator)
    shown = moderate_review(review=review, status="published", by=administrator)

    assert (refused.status, refused.refusal_reason) == ("refused", "Names a nurse")
    assert (shown.status, shown.refusal_reason) == ("published", "")
    assert rating(doctor) == (Decimal("4.0"), 1)


def test_a_published_review_can_be_removed_by_the_author_and_by_the_hospital(doctor, administrator):
    reviews = [published(completed_visit(doctor), stars) for stars in (5, 4, 1)]
    assert rating(doctor) == (Decimal("3.3"), 3)

    moderate_review(review=reviews[2], status="refused", reason="Insults", by=administrator)
    assert rating(doctor) == (Decimal("4.5"), 2)

    for _twice in range(2):
        withdraw_review(review=reviews[0], by=reviews[0].recorded_by)
    assert rating(doctor) == (Decimal("4.0"), 1)


def test_only_those_who_moderate_decide_and_nobody_about_the_own_work(doctor, carer, review, administrator):
    moderating_doctor = staff("doctor", "administrator")
    Doctor.objects.filter(pk=doctor.pk).update(user=moderating_doctor)

    for by in (carer, staff("receptionist"), staff("doctor")):
        with pytest.raises(NotAllowed):
            moderate_review(review=review, status="published", by=by)
    with pytest.raises(OwnReview):
        moderate_review(review=review, status="published", by=moderating_doctor)
    for wanted in ("waiting", "withdrawn"):
        with pytest.raises(StepRefused):
            moderate_review(review=review, status=wanted, by=administrator)
    assert stored() == [(4, "Listened well.", "waiting")]


def test_a_doctor_does_not_review_a_visit_with_themselves(doctor, visit):
    GuardianshipFactory(user=doctor.user, patient=visit.patient, relation="parent")

    with pytest.raises(OwnReview):
        write_review(appointment=visit, stars=5, words="", by=doctor.user)


def test_others_neither_edit_nor_withdraw(visit):
    review = published(visit)

    for by in (
        carer_of(),
        staff("administrator"),
        carer_of(visit.patient, may_book=False, may_see_records=False),
    ):
        with pytest.raises(NotAllowed):
            edit_review(review=review, stars=1, words="", by=by)
        with pytest.raises(NotAllowed):
            withdraw_review(review=review, by=by)


def test_the_doctor_of_the_visit_answers_a_published_review(doctor, visit, review):
    with pytest.raises(NotPublished):
        answer_review(review=review, answer="Thank you.", by=doctor.user)
    moderate_review(review=review, status="published", by=staff("administrator"))
    for by, refusal in ((doctor_at_work().user, NotYourReview), (staff("administrator"), NotAllowed)):
        with pytest.raises(refusal):
            answer_review(review=review, answer="Thank you.", by=by)
    with pytest.raises(ValidationError):
        answer_review(review=review, answer="x" * 1001, by=doctor.user)

    answered = answer_review(review=review, answer=" Thank you. ", by=doctor.user)
    assert (answered.answer, answered.answered_at is None) == ("Thank you.", False)

    removed = answer_review(review=review, answer="", by=doctor.user)
    assert (removed.answer, removed.answered_at) == ("", None)


def test_what_was_written_is_logged_under_the_patient_and_hidden_from_auditors(visit, review):
    entry = AuditEvent.objects.get(model="clinical.review", action="create")

    assert entry.patient_id == visit.patient_id
    assert [
        name
        for name in ("words", "stars", "answer")
        if Review.is_private_in_log(Review._meta.get_field(name))
    ] == [
        "words",
        "answer",
    ]
