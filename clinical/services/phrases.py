from accounts.names import tidy
from clinical.models import Encounter, Phrase
from clinical.services.encounters import MATTERS, lock_own_draft
from clinical.services.kept import require_keeper, usable
from hms.core.transactions import retried_atomic

TAKE_PHRASES = (*MATTERS, "private_note")


@retried_atomic
def save_phrase(*, phrase: Phrase, by) -> Phrase:
    """Save an own phrase or, as the head, one of the department."""
    require_keeper(phrase, by)
    phrase.abbreviation = tidy(phrase.abbreviation).removeprefix(".").casefold()
    phrase.text = phrase.text.strip()
    phrase.full_clean()
    phrase.save()
    return phrase


@retried_atomic
def insert_phrase(*, encounter: Encounter, phrase: Phrase, into: str, by) -> Encounter:
    """Put the phrase behind what this text of the draft says; refuses one that is not open to the doctor."""
    encounter, phrase = lock_own_draft(encounter, by), usable(phrase, by)
    if into not in TAKE_PHRASES:
        raise ValueError(f"{into} takes no phrases")
    words = [getattr(encounter, into).rstrip(), phrase.text]
    setattr(encounter, into, "\n".join(filter(None, words)))
    encounter.full_clean(validate_unique=False)
    encounter.save(update_fields=[into])
    return encounter
