"""Reviews of completed visits, and the doctor's average, which changes in the same transaction."""

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Sum
from django.utils import timezone

from accounts.names import tidy
from accounts.rights import may_act_for
from clinical.exceptions import (
    AlreadyReviewed,
    NotPublished,
    NotYourReview,
    OwnReview,
    ReasonMissing,
    VisitNotCompleted,
)
from clinical.models import Review
from clinical.statuses.reviews import DECISIONS, ReviewStatus
from hms.core.locks import lock_row
from hms.core.refusals import NotAllowed
from hms.core.rights import person, require
from hms.core.states import StepRefused, move
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment, Doctor
from scheduling.statuses import AppointmentStatus

TENTH = Decimal("0.1")


@retried_atomic
def write_review(*, appointment: Appointment, stars: int, words: str, by) -> Review:
    """Review a completed visit, once; the review waits for moderation.

    Refuses everybody but carers who may book or see records, and the doctor of the visit. A second call
    with the same stars and words returns the first review.
    """
    appointment = lock_row(Appointment.objects.all(), pk=appointment.pk)
    _require_carer(by, appointment.patient_id)
    if appointment.doctor.user_id == by.pk:
        raise OwnReview
    if appointment.status != AppointmentStatus.COMPLETED:
        raise VisitNotCompleted
    words = _tidy_lines(words)
    if first := Review.objects.filter(appointment=appointment).first():
        if (first.stars, first.words) != (stars, words):
            raise AlreadyReviewed
        return first
    review = Review(
        appointment=appointment,
        patient_id=appointment.patient_id,
        doctor_id=appointment.doctor_id,
        stars=stars,
        words=words,
        recorded_by=person(by),
    )
    review.full_clean()
    review.save()
    return review


@retried_atomic
def edit_review(*, review: Review, stars: int, words: str, by) -> Review:
    """Change stars and words: the review waits for moderation again, without the doctor's answer.

    What is published or waits already with these stars and words stays as it is.
    """
    review = lock_row(Review.objects.all(), pk=review.pk)
    _require_carer(by, review.patient_id)
    words = _tidy_lines(words)
    is_kept = review.status in (ReviewStatus.WAITING, ReviewStatus.PUBLISHED)
    if is_kept and (review.stars, review.words) == (stars, words):
        return review
    review.stars, review.words = stars, words
    review.clean_fields(exclude=["status"])
    return _take_step(
        review,
        ReviewStatus.WAITING,
        stars=stars,
        words=words,
        refusal_reason="",
        answer="",
        answered_at=None,
        recorded_at=timezone.now(),
        recorded_by=person(by),
    )


@retried_atomic
def withdraw_review(*, review: Review, by) -> Review:
    """Take a review back, also a published one; a second call changes nothing."""
    review = lock_row(Review.objects.all(), pk=review.pk)
    _require_carer(by, review.patient_id)
    if review.status == ReviewStatus.WITHDRAWN:
        return review
    return _take_step(review, ReviewStatus.WITHDRAWN, refusal_reason="")


@retried_atomic
def moderate_review(*, review: Review, status: str, reason: str = "", by) -> Review:
    """Publish or refuse a review; a published one may be refused later, and the reverse.

    Refuses to refuse without a reason, and the doctor of the visit.
    """
    require(by, "clinical.moderate_review")
    review = lock_row(Review.objects.all(), pk=review.pk)
    wanted, reason = ReviewStatus(status), tidy(reason)
    if by.pk is not None and review.doctor.user_id == by.pk:
        raise OwnReview
    if wanted not in DECISIONS:
        raise StepRefused(ReviewStatus(review.status), wanted)
    if wanted == ReviewStatus.REFUSED and not reason:
        raise ReasonMissing
    return _take_step(review, wanted, refusal_reason=reason if wanted == ReviewStatus.REFUSED else "")


@retried_atomic
def answer_review(*, review: Review, answer: str, by) -> Review:
    """Answer a published review in public as the doctor of the visit; an empty answer removes it."""
    require(by, "clinical.answer_review")
    review = lock_row(Review.objects.all(), pk=review.pk)
    if by.pk is None or review.doctor.user_id != by.pk:
        raise NotYourReview
    if review.status != ReviewStatus.PUBLISHED:
        raise NotPublished
    review.answer = _tidy_lines(answer)
    review.answered_at = timezone.now() if review.answer else None
    review.clean_fields()
    review.save(update_fields=["answer", "answered_at"])
    return review


def average(stars: int | None, reviews: int) -> Decimal | None:
    """The mean of `stars`, a sum over so many reviews, to one decimal, halves up; None without reviews."""
    return (Decimal(stars) / reviews).quantize(TENTH, ROUND_HALF_UP) if reviews else None


def _take_step(review: Review, wanted: ReviewStatus, **columns) -> Review:
    """Move a locked review, and count again if what is published has changed."""
    was = review.status
    move(review, wanted, **columns)
    if ReviewStatus.PUBLISHED in (was, wanted):
        _rate(review.doctor_id)
    return review


def _rate(doctor_id: int) -> None:
    """Under a lock, so that two reviews that are published at once are both counted."""
    doctor = lock_row(Doctor.objects.all(), pk=doctor_id)
    counted = Review.objects.published().filter(doctor=doctor).order_by()
    counted = counted.aggregate(stars=Sum("stars"), reviews=Count("pk"))
    doctor.rating, doctor.rating_count = average(**counted), counted["reviews"]
    doctor.save(update_fields=["rating", "rating_count"])


def _require_carer(by, patient_id: int) -> None:
    """Refuse unless the person may book for the patient or see the records."""
    if not any(may_act_for(by, patient_id, scope, lock=True) for scope in Review.guardian_scopes):
        raise NotAllowed


def _tidy_lines(text: str) -> str:
    return "\n".join(tidy(line) for line in text.strip().splitlines())
