"""What to do about a complaint: call at once, or which disciplines to see here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from scheduling.finding.lexicon import COMPLAINT, DISCIPLINE, Complaint, Discipline, Doctor, Words
from scheduling.finding.matching import Found

MOST_DISCIPLINES = 3


@dataclass(frozen=True)
class Suggestion:
    """A discipline to see, its doctors here, and the discipline that it stands in for."""

    discipline: Discipline
    doctors: list[Doctor]
    instead_of: Discipline | None = None


@dataclass(frozen=True)
class Advice:
    alarms: list[Complaint] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)


def advise(words: Words, found: Iterable[Found]) -> Advice:
    """What was found, as alarms and as disciplines to see, the most fitting first."""
    found = list(found)
    complaints = [words.complaints[each.key[1]] for each in found if each.key[0] == COMPLAINT]
    alarms = dict.fromkeys(each for each in complaints if each.is_alarm)
    wanted = _ranked(words, found)[:MOST_DISCIPLINES]
    return Advice(list(alarms), suggestions_for(words, wanted))


def _ranked(words: Words, found: Iterable[Found]) -> list[Discipline]:
    """The disciplines by how many words speak for them; one before another that would stand in for it."""
    weights: Counter[int] = Counter()
    for each in found:
        kind, key = each.key
        if kind == COMPLAINT:
            key = words.complaints[key].discipline
        if kind in (COMPLAINT, DISCIPLINE):
            weights[key] += len(each.at)
    general = {words.disciplines[key].instead for key in weights}
    order = list(words.disciplines)
    keys = sorted(weights, key=lambda key: (key in general, -weights[key], order.index(key)))
    return [words.disciplines[key] for key in keys]


def suggestions_for(words: Words, wanted: Iterable[Discipline]) -> list[Suggestion]:
    """Who is here for these disciplines, each discipline once."""
    suggestions: dict[int, Suggestion] = {}
    for discipline in wanted:
        here = practised_here(words, discipline)
        if here and here.pk not in suggestions:
            replaced = None if here is discipline else discipline
            suggestions[here.pk] = Suggestion(here, words.doctors_of(here.pk), replaced)
    return list(suggestions.values())


def practised_here(words: Words, discipline: Discipline) -> Discipline | None:
    """The discipline if a doctor here practises it, otherwise the one that stands in for it."""
    seen = set()
    while discipline.pk not in seen:
        if words.doctors_of(discipline.pk):
            return discipline
        seen.add(discipline.pk)
        discipline = words.disciplines.get(discipline.instead, discipline)
    return None
