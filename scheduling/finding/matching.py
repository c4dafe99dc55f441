"""Finds in what somebody typed the phrases of a table, with spelling mistakes, in any order of the words.

The words of a phrase stand together in one clause, with at most one word between them that says something
else. A phrase directly after “no” or “not” is not meant: “no fever or cough, but chest pain” has chest pain
only. Words that are common in English are taken as they are; others may have one mistake, and two from eight
letters on.
"""

from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from scheduling.finding.words import (
    EITHER,
    LIGHT,
    NEGATIONS,
    PERSONS,
    STOP,
    Token,
    says_something,
    tokens_of,
    word_of,
    words_of,
)

# English words that are no spelling mistakes of medical ones, although they look like some.
COMMON = frozenset((Path(__file__).parents[1] / "data" / "common_words.txt").read_text("utf-8").split())
SHORTEST, LONG = 4, 8  # letters
MOST_WORDS = 80
MOST_BETWEEN = 1
MOST_LISTED = 3  # words between “no” and “or”


@dataclass(frozen=True)
class Entry:
    """Something that people may mean; in the phrases of `not_meant` its words mean something else.

    Names are also meant by the one word in them that says something, but those that are whole are not.
    """

    key: Hashable
    phrases: tuple[str, ...]
    not_meant: tuple[str, ...] = ()
    is_whole: bool = False


@dataclass(frozen=True)
class Found:
    """An entry in a text: by which phrase, and at which of its words."""

    key: Hashable
    phrase: str
    at: frozenset[int]


@dataclass(frozen=True)
class Phrase:
    key: Hashable
    text: str
    words: tuple[str, ...]
    is_meant: bool


class Lexicon:
    def __init__(self, entries: Iterable[Entry]):
        self.phrases: dict[str, list[Phrase]] = defaultdict(list)  # by each of their words
        self.words: set[str] = set()
        for entry in entries:
            for text in entry.phrases:
                self._add(entry, text, is_meant=True)
            for text in entry.not_meant:
                self._add(entry, text, is_meant=False)

    def _add(self, entry: Entry, text: str, *, is_meant: bool) -> None:
        key, words = entry.key, words_of(text, is_whole=entry.is_whole)
        if not says_something(words):
            return
        self.words.update(words)
        for word in set(words):
            self.phrases[word].append(Phrase(key, text, words, is_meant))
        if len(words) == 2:  # “chestpain”
            self.phrases["".join(words)].append(Phrase(key, text, ("".join(words),), is_meant))

    @cached_property
    def long_words(self) -> list[str]:
        return [word for word in self.phrases if len(word) >= SHORTEST]

    def read(self, text: str) -> list[Token]:
        """The words of the text, for `find`."""
        return self._joined(tokens_of(text)[:MOST_WORDS])

    def find(self, tokens: Sequence[Token], *, as_typed: Container[str] | None = ()) -> list[Found]:
        """What the words mean, in their order; those `as_typed` (None: all) have no spelling mistakes."""
        meanings = [self.meanings(token, as_typed) for token in tokens]
        found, not_meant = [], defaultdict(set)
        for phrase, at in self._places(tokens, meanings):
            if not phrase.is_meant:
                not_meant[phrase.key] |= at
            elif not any(is_negated(tokens, place, at) for place in at):
                found.append(Found(phrase.key, phrase.text, at))
        return [each for each in found if not each.at & not_meant[each.key]]

    def meanings(self, token: Token, as_typed: Container[str] | None = ()) -> frozenset[str]:
        """The words of phrases that the typed word is, or as which it was probably meant."""
        if token.word in self.phrases:
            return frozenset([token.word])
        if as_typed is None or token.typed in as_typed or is_common(token):
            return frozenset()
        near = nearest(token.word, self.long_words) or nearest(token.typed, self.long_words)
        return frozenset(near)

    def _joined(self, tokens: list[Token]) -> list[Token]:
        """“Head ache” is one word if it is one in a phrase."""
        joined: list[Token] = []
        for token in tokens:
            last = joined[-1] if joined else None
            if last and last.clause == token.clause and not {last.word, token.word} & STOP:
                whole = last.typed + token.typed
                if word_of(whole) in self.words:
                    joined[-1] = Token(whole, word_of(whole), token.clause)
                    continue
            joined.append(token)
        return joined

    def _places(
        self, tokens: Sequence[Token], meanings: Sequence[frozenset[str]]
    ) -> Iterator[tuple[Phrase, frozenset[int]]]:
        """Each phrase whose words stand together, with the places of the words."""
        present = frozenset().union(*meanings)
        persons = {
            word: place
            for place, words in enumerate(meanings)
            for word in words & PERSONS
            if not is_negated(tokens, place)
        }
        for start, words in enumerate(meanings):
            for word in words:
                for phrase in self.phrases[word]:
                    if present.issuperset(phrase.words):
                        at = _together(phrase, start, tokens, meanings, persons)
                        if at:
                            yield phrase, at


def _together(
    phrase: Phrase, start: int, tokens: Sequence[Token], meanings: Sequence[frozenset[str]], persons: dict
) -> frozenset[int]:
    """The places of all words of the phrase from the start on; nothing if they do not stand together.

    A person may be named anywhere.
    """
    known = {word: persons[word] for word in phrase.words if word in persons and word not in meanings[start]}
    missing, at = [word for word in phrase.words if word not in known], set(known.values())
    between = 0
    for place in range(start, len(tokens)):
        if tokens[place].clause != tokens[start].clause:
            break
        if word := next((word for word in missing if word in meanings[place]), None):
            missing.remove(word)
            at.add(place)
            if not missing:
                return frozenset(at)
        elif tokens[place].word in NEGATIONS:
            break
        elif tokens[place].word not in STOP | LIGHT | EITHER:
            between += 1
            if between > MOST_BETWEEN:
                break
    return frozenset()


def is_negated(tokens: Sequence[Token], start: int, own: frozenset[int] = frozenset()) -> bool:
    """Whether “no” or “not” stands before the word, or “no” before a list that goes on to it with “or”."""
    place = _before(tokens, start)
    if place is None or place in own:
        return False
    if tokens[place].word in NEGATIONS:
        follows = tokens[place + 1].typed if place + 1 < len(tokens) else ""
        return follows not in ("only", "just")
    if tokens[place].word not in EITHER:
        return False
    for _step in range(MOST_LISTED + 1):
        place = _before(tokens, place)
        if place is None or tokens[place].word in NEGATIONS:
            return place is not None and tokens[place].word == "no"
    return False


def _before(tokens: Sequence[Token], place: int) -> int | None:
    """The place of the last word of the clause before this one that says something."""
    clause = tokens[place].clause
    for earlier in range(place - 1, -1, -1):
        if tokens[earlier].clause != clause:
            return None
        if tokens[earlier].word not in STOP | LIGHT:
            return earlier
    return None


def is_common(token: Token) -> bool:
    """Whether the word, or what it is a form of, is an English word that is no mistake."""
    stems = {token.word, token.typed}
    for end in ("ing", "ed", "er", "ly"):
        stem = token.word.removesuffix(end)
        if SHORTEST - 1 < len(stem) < len(token.word):
            stems |= {stem, f"{stem}e", stem[:-1]}
    return not stems.isdisjoint(COMMON | LIGHT | STOP)


def nearest(typed: str, words: Sequence[str]) -> list[str]:
    """The words that differ from the typed one by the fewest mistakes, if it has few."""
    if len(typed) < SHORTEST or not typed.isalpha():
        return []
    most = 2 if len(typed) >= LONG else 1
    found = extract(typed, words, scorer=OSA.distance, score_cutoff=most, limit=None)
    near = [(word, mistakes) for word, mistakes, _at in found if is_plausible(typed, word)]
    fewest = min((mistakes for _word, mistakes in near), default=0)
    return [word for word, mistakes in near if mistakes == fewest]


def is_plausible(typed: str, word: str) -> bool:
    """Short words begin alike, unless two letters are exchanged; in long ones any letter may be wrong."""
    return len(typed) > SHORTEST + 1 or typed[0] == word[0] or sorted(typed) == sorted(word)
