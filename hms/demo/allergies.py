"""Allergies of the patients of the doctor with a login: none known, one, or not asked yet."""

from accounts.models import User
from clinical.services import record_allergy, record_no_known_allergies
from hms.demo.chance import Chance
from hms.demo.past_visits import past_visits_to

MOST_PATIENTS = 60
SHARES = {"none known": 0.5, "one": 0.3, "not asked": 0.2}
KNOWN = (
    ("Penicillin", "medicine", "high", "Hives within the hour"),
    ("Diclofenac", "medicine", "high", "Wheezing"),
    ("Sulfonamides", "medicine", "unable_to_assess", "Rash"),
    ("Peanuts", "food", "high", "Swelling of the lips"),
    ("Prawns", "food", "low", "Itching"),
    ("House dust mites", "environment", "low", "Sneezing"),
    ("Latex", "other", "low", "Rash where it touched the skin"),
)
RELATED = {
    "Penicillin": {"penicillin", "cephalosporin"},
    "Diclofenac": {"nsaid", "salicylate"},
    "Sulfonamides": {"sulfonamide"},
}


def record_allergies(doctor: User, prescribed: dict[int, set[str]], chance: Chance) -> None:
    """Ask the doctor's first patients at the first visit; nobody is allergic to what was `prescribed`."""
    for number, visits in enumerate(past_visits_to(doctor, MOST_PATIENTS)):
        patient = visits.patient
        answer = "one" if number == 0 else chance.pick(SHARES)
        if answer == "none known":
            record_no_known_allergies(patient=patient, recorded_at=visits.first, by=doctor)
        if answer == "one":
            classes = prescribed.get(patient.pk, set())
            possible = [known for known in KNOWN if classes.isdisjoint(RELATED.get(known[0], ()))]
            substance, category, criticality, reaction = chance.choice(possible)
            record_allergy(
                patient=patient,
                substance=substance,
                category=category,
                criticality=criticality,
                reaction=reaction,
                is_confirmed=chance.happens(0.6),
                recorded_at=visits.first,
                by=doctor,
            )
