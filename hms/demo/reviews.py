"""Reviews of past visits by the carers who booked them: most are published, some wait or are refused."""

from django.db.models import F

from accounts.models import Guardianship
from clinical.models import Review
from clinical.services import answer_review, moderate_review, write_review
from clinical.statuses.reviews import ReviewStatus
from hms.demo.chance import Chance
from hms.demo.logins import Team
from scheduling.models import Appointment, Doctor
from scheduling.statuses import AppointmentStatus

MOST_OF_A_DOCTOR = 5
SHARES = {ReviewStatus.PUBLISHED: 0.84, ReviewStatus.WAITING: 0.1, ReviewStatus.REFUSED: 0.06}
STARS = {5: 0.5, 4: 0.3, 3: 0.12, 2: 0.05, 1: 0.03}
SHARE_ANSWERED = 0.5
WORDS = {
    5: (
        "Listened patiently and explained everything.",
        "Very kind, and on time.",
        "Clear advice. Thank you.",
        "",
    ),
    4: ("Good advice, a short wait.", "Explained the treatment well.", ""),
    3: ("Fine, but the visit felt short.", "Waited forty minutes, then all went well."),
    2: ("A long wait, and little time for questions.",),
    1: ("We waited for over an hour and nobody told us why.",),
}
REASON = "Names a member of staff. Please leave out names."
ANSWERS = {True: "Thank you for your kind words.", False: "We are sorry, and have looked into it."}


def review_visits(team: Team, chance: Chance) -> None:
    """Write reviews of a few completed visits of each doctor, whose carer booked them and still may."""
    for doctor in Doctor.objects.order_by("registration_number"):
        part = chance.part(doctor.registration_number)
        for visit in _visits_of(doctor)[:MOST_OF_A_DOCTOR]:
            _review(visit, team, part)


def _visits_of(doctor: Doctor):
    booked = doctor.appointments.filter(status=AppointmentStatus.COMPLETED)
    by_carers = booked.filter(
        patient__guardianships__in=Guardianship.objects.in_force(),
        patient__guardianships__user=F("booked_by"),
        patient__guardianships__may_book=True,
    )
    return by_carers.select_related("booked_by").order_by("-starts_at", "patient__mrn")


def _review(visit: Appointment, team: Team, chance: Chance) -> None:
    stars = chance.pick(STARS)
    review = write_review(
        appointment=visit, stars=stars, words=chance.choice(WORDS[stars]), by=visit.booked_by
    )
    status = chance.pick(SHARES)
    if status != ReviewStatus.WAITING:
        reason = REASON if status == ReviewStatus.REFUSED else ""
        review = moderate_review(review=review, status=status, reason=reason, by=team.admin)
    _answer(review, team, chance)


def _answer(review: Review, team: Team, chance: Chance) -> None:
    """Only the doctor with a login answers."""
    is_answerable = review.status == ReviewStatus.PUBLISHED and review.doctor.user_id == team.doctor.pk
    if is_answerable and chance.happens(SHARE_ANSWERED):
        answer_review(review=review, answer=ANSWERS[review.stars > 3], by=team.doctor)
