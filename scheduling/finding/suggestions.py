"""What somebody may be about to type into the search for doctors."""

from collections.abc import Iterator

from scheduling.finding.lexicon import COMPLAINT, DISCIPLINE, LANGUAGE, PLACE, Words
from scheduling.finding.words import folded

MOST_SUGGESTIONS = 8
SHORTEST = 2  # letters


def suggestions_for(typed: str) -> list[str]:
    """Names that begin with what was typed, word by word, and then what it means."""
    text = " ".join(folded(typed).split())
    if len(text) < SHORTEST:
        return []
    words = Words()
    begun = [name for name in _names(words) if f" {text}" in f" {folded(name)}"]
    return list(dict.fromkeys([*begun, *_meant(words, typed)]))[:MOST_SUGGESTIONS]


def _names(words: Words) -> Iterator[str]:
    yield from (row.name for row in words.disciplines.values() if words.doctors_of(row.pk))
    yield from (doctor.specialization for doctor in words.doctors)
    yield from (doctor.department for doctor in words.doctors)
    yield from (doctor.full_name for doctor in words.doctors)
    yield from words.languages.values()
    yield from (name for branch in words.branches.values() for name in (branch.name, branch.city))
    yield from (row.name for row in words.complaints.values() if row.is_listed and not row.is_alarm)


def _meant(words: Words, typed: str) -> Iterator[str]:
    for kind, key in (found.key for found in words.find(typed)):
        if kind == DISCIPLINE:
            yield words.disciplines[key].name
        elif kind == COMPLAINT:
            yield words.disciplines[words.complaints[key].discipline].name
        elif kind == LANGUAGE:
            yield words.languages[key]
        elif kind == PLACE:
            yield words.branches[key].name
