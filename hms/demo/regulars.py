"""Patients with a long history: the family of patient@, and those whom the doctor with a login follows."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from hms.demo.chance import Chance
from hms.demo.data.courses import ASTHMA, DIABETES, GENERAL, HYPERTENSION, PAEDIATRICS, THYROID
from hms.demo.diary import BookingRequest
from hms.demo.health import Healths
from hms.demo.lives import CANCELS, COMES
from hms.demo.patients import FAMILY, Visitor
from scheduling.models import Doctor

MEERA, AARAV, LAKSHMI = range(len(FAMILY))
ILLNESSES = {MEERA: (THYROID,), AARAV: (ASTHMA,), LAKSHMI: (DIABETES, HYPERTENSION)}
FEVER = "Fever since last night, 102 F, drinking well."
COLD = "Cold and sore throat for two days."
# The visits of the family, the most important first: who, days from today, department, what becomes of it,
# and what is said, if it is not about the long illness.
REQUESTS = (
    (LAKSHMI, -21, GENERAL, COMES, ""),
    (AARAV, -12, PAEDIATRICS, COMES, FEVER),
    (MEERA, -33, GENERAL, COMES, ""),
    (MEERA, 6, GENERAL, COMES, ""),
    (AARAV, 9, PAEDIATRICS, COMES, ""),
    (LAKSHMI, 4, "cardiology", COMES, ""),
    (MEERA, -40, "dermatology", CANCELS, ""),
    (LAKSHMI, -118, GENERAL, COMES, ""),
    (AARAV, -64, PAEDIATRICS, COMES, ""),
    (MEERA, -88, GENERAL, COMES, COLD),
    (LAKSHMI, -215, GENERAL, COMES, ""),
    (MEERA, -130, GENERAL, COMES, ""),
    (LAKSHMI, -312, GENERAL, COMES, ""),
    (AARAV, -206, PAEDIATRICS, COMES, ""),
    (MEERA, -227, GENERAL, COMES, ""),
    (AARAV, -296, PAEDIATRICS, COMES, "Growth check."),
)
FOLLOWED = (DIABETES, HYPERTENSION, THYROID)
MOST_REGULARS, VISITS_PER_REGULAR = 10, 60
ROUNDS = (-390, -293, -196, -99)  # days from today; everybody comes within a few days of each
SPREAD = 6  # so that three months, for which medicines are prescribed, have passed
LONGEST_PAST_DAYS = 400


def family_requests(
    visitors: list[Visitor], doctor: Doctor, today: date, how_many: int
) -> Iterator[BookingRequest]:
    """In general medicine the family goes to the doctor with a login."""
    for member, days, slug, outcome, said in REQUESTS[:how_many]:
        yield BookingRequest(
            visitors[member],
            today + timedelta(days=days),
            slug,
            outcome,
            said,
            doctor if slug == doctor.department.slug else None,
        )


def give_illnesses(visitors: list[Visitor], healths: Healths) -> None:
    for member, codes in ILLNESSES.items():
        healths.give(visitors[member].patient, codes)


def regulars(visitors: list[Visitor], appointments: int, healths: Healths, now: datetime) -> list[Visitor]:
    """The first adults with a long illness whom the hospital has known for long enough."""
    known_since, today = now - timedelta(days=LONGEST_PAST_DAYS), timezone.localdate(now)
    found = [
        visitor
        for visitor in visitors
        if visitor.patient.registered_at < known_since
        and not visitor.patient.is_minor
        and any(healths.of(visitor.patient).has(code, known_since.date()) for code in FOLLOWED)
        and all(healths.of(visitor.patient).weeks_on(day) is None for day in (today, known_since.date()))
    ]
    return found[: min(MOST_REGULARS, appointments // VISITS_PER_REGULAR)]


def requests_of_regulars(
    found: list[Visitor], doctor: Doctor, today: date, chance: Chance
) -> Iterator[BookingRequest]:
    for days in ROUNDS:
        for visitor in found:
            day = today + timedelta(days=days + chance.randint(0, SPREAD))
            yield BookingRequest(visitor, day, doctor.department.slug, doctor=doctor)
