"""The doctors whom somebody means: by name, discipline, complaint, department, language, place or sex.

What is meant medically is one condition, and so are language, place and each other word; a doctor meets
all of them. Names are compared here and not by the database, and so alike on every database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from scheduling import models
from scheduling.finding.advice import Advice, advise
from scheduling.finding.lexicon import COMPLAINT, DISCIPLINE, GENDER, LANGUAGE, NAME, PLACE, Words, largest
from scheduling.finding.matching import Found, nearest
from scheduling.finding.words import EITHER, LIGHT, NEGATIONS, STOP, Token

MEDICAL = (DISCIPLINE, COMPLAINT, NAME)


@dataclass(frozen=True)
class Search:
    """The doctors who were found (None: all), what was understood, and alarms."""

    doctors: frozenset[int] | None = None
    understood: list[str] = field(default_factory=list)
    advice: Advice = field(default_factory=Advice)


def search_doctors(text: str, words: Words, *, first: date, last: date) -> Search:
    """Find doctors; the days say until when a place is one where they see patients."""
    tokens = words.lexicon.read(text)
    called = {each.pk: f" {each.names}" for each in words.doctors}
    as_typed = {token.typed for token in tokens if any(token.typed in names for names in called.values())}
    found = largest(words.lexicon.find(tokens, as_typed=as_typed))
    advice = advise(words, found)
    conditions = [*_understood(words, found, advice, (first, last))]
    for condition in conditions:
        if condition.is_one_word:
            condition.doctors |= _called(f" {tokens[min(condition.at)].typed}", called)
    covered = frozenset().union(*(each.at for each in found))
    others = [token for place, token in enumerate(tokens) if place not in covered]
    sets = [condition.doctors for condition in conditions]
    sets += _by_name(others, called, is_understood=bool(conditions))
    doctors = frozenset(called).intersection(*sets) if sets else frozenset()
    return Search(doctors, [label for each in conditions for label in each.labels], advice)


@dataclass
class Condition:
    labels: list[str]
    doctors: set[int]
    at: frozenset[int]

    @property
    def is_one_word(self) -> bool:
        return len(self.at) == 1


def _understood(words: Words, found: list[Found], advice: Advice, days: tuple) -> Iterator[Condition]:
    kinds = {
        kind: [each for each in found if each.key[0] == kind] for kind in (*MEDICAL, LANGUAGE, PLACE, GENDER)
    }
    at = {kind: frozenset().union(*(each.at for each in those)) for kind, those in kinds.items()}
    keys = {kind: {each.key[1] for each in those} for kind, those in kinds.items()}
    if any(kinds[kind] for kind in MEDICAL):
        suggested = {doctor.pk for each in advice.suggestions for doctor in each.doctors}
        named = {each.pk for each in words.doctors if {each.specialization, each.department} & keys[NAME]}
        labels = [each.discipline.name for each in advice.suggestions]
        yield Condition(labels, suggested | named, frozenset().union(*(at[kind] for kind in MEDICAL)))
    if keys[LANGUAGE]:
        spoken = models.Doctor.languages.through.objects.filter(language__code__in=keys[LANGUAGE])
        labels = [words.languages[key] for key in keys[LANGUAGE]]
        yield Condition(labels, set(spoken.values_list("doctor", flat=True)), at[LANGUAGE])
    if keys[PLACE]:
        there = models.Doctor.objects.consulting_at(*days, branches=keys[PLACE])
        labels = [words.branches[key].name for key in keys[PLACE]]
        yield Condition(labels, set(there.values_list("pk", flat=True)), at[PLACE])
    if keys[GENDER]:
        yield Condition([], {each.pk for each in words.doctors if each.gender in keys[GENDER]}, at[GENDER])


def _by_name(tokens: list[Token], called: dict[int, str], *, is_understood: bool) -> Iterator[set[int]]:
    """For each other word, the doctors in whose names it is.

    A word that is in no name is passed over if something else was understood.
    """
    idle = STOP | LIGHT | EITHER | NEGATIONS
    telling = [token for token in tokens if token.word not in idle]
    if not telling and not is_understood:
        telling = tokens
    for token in telling:
        doctors = _called(token.typed, called) or _nearly_called(token.typed, called)
        if doctors or not is_understood:
            yield doctors


def _called(typed: str, called: dict[int, str]) -> set[int]:
    return {pk for pk, names in called.items() if typed in names}


def _nearly_called(typed: str, called: dict[int, str]) -> set[int]:
    near = nearest(typed, sorted({word for names in called.values() for word in names.split()}))
    return {pk for pk, names in called.items() if any(word in names.split() for word in near)}
