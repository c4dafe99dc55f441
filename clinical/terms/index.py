"""An index of the words of all diagnoses, in memory: small, and quick enough to ask at each key.

It holds keys alone; titles are read from the database for the few that are shown.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import nsmallest

from clinical.terms.folding import BETWEEN, as_beginning, as_whole_name, folded
from clinical.terms.spelling import SHORTEST, letters, mistakes, mistakes_allowed

Counts = Mapping[str, int]  # how often each diagnosis was made, by its code
Costs = dict[int, int]  # how badly diagnoses fit, by their places in the index

SMALL_WORDS = frozenset(["by", "for", "in", "of", "on", "or", "the", "to", "with"])
LONGEST, MOST_WORDS = 120, 8  # of what is typed; the rest is ignored
EXACT, BEGINNING, MISTAKEN = 0, 1, 2  # how well a word fits; a mistake counts two, in a beginning three
LEFT_OUT = 10  # one of three or more words that does not fit at all
WORDS_TO_LEAVE_ONE_OUT = 3
MOST_SHOWN = 50


class Index:
    """Diagnoses as (primary key, code, search key), in the order in which equally good ones are shown.

    The first `own` are the hospital's usual ones, which precede equally good others.
    """

    def __init__(self, rows: Iterable[tuple[int, str, str]] = (), own: int = 0):
        self.own = own
        self.pks, self.codes, self.keys = array("Q"), [], []
        postings: dict[str, array] = defaultdict(lambda: array("I"))
        for place, (pk, code, key) in enumerate(rows):
            self.pks.append(pk)
            self.codes.append(code)
            self.keys.append(key)
            for word in words_of(key):
                postings[word].append(place)
        self.words = sorted(postings)
        self.places = [postings[word] for word in self.words]
        self.letters = array("Q", map(letters, self.words))

    def find(self, text: str, *, favourites: Sequence[Counts] = (), limit: int) -> list[int]:
        """Primary keys of the diagnoses that fit best; without text the favourites.

        A whole name or code comes first, then what has all words or their beginnings, and if nothing has this
        very name, spelling mistakes. Among these the favourites come first, the first mapping's before the
        second's.
        """
        typed = folded(text[:LONGEST])
        words = [word for word in typed.split() if word not in SMALL_WORDS][:MOST_WORDS]
        if not words:
            return [] if typed else self._favourites(favourites, limit)
        whole = as_whole_name(typed)
        fits = [self._beginning_with(word) for word in words]
        good = self._with_all_words(fits)
        best = self._best(good, typed, lambda key: whole in key, favourites)[:limit]
        if _may_be_mistaken(len(words), len(best), limit) and not (best and whole in self.keys[best[0]]):
            wrong = [not fit for fit in fits]
            likes = [
                self._like(word, len(words) > 1) if is_wrong or not any(wrong) else fit
                for word, fit, is_wrong in zip(words, fits, wrong, strict=True)
            ]
            rough = self._with_most_words(likes)
            rest = {place: cost for place, cost in rough.items() if place not in good}
            best += self._best(rest, typed, lambda key: is_nearly_a_name(typed, key), favourites)
        return [self.pks[place] for place in best[:limit]]

    def _favourites(self, favourites: Sequence[Counts], limit: int) -> list[int]:
        wanted = {code for counts in favourites for code in counts}
        places = {place: EXACT for place, code in enumerate(self.codes) if code in wanted} if wanted else {}
        best = self._best(places, "", lambda _key: False, favourites)
        return [self.pks[place] for place in best[:limit]]

    def _best(
        self, costs: Costs, typed: str, is_it: Callable[[str], bool], favourites: Sequence[Counts]
    ) -> list[int]:
        """The diagnoses in the order of the answer; `is_it` says whether a search key has the name typed."""
        beginning = as_beginning(typed)

        def rank(place: int) -> tuple:
            key, code = self.keys[place], self.codes[place]
            return (
                not is_it(key),
                *(-counts.get(code, 0) for counts in favourites),
                costs[place],
                place >= self.own,
                beginning not in key,
                place,
            )

        return nsmallest(MOST_SHOWN, costs, key=rank)

    def _beginning_with(self, word: str) -> Costs:
        """How well the word fits each diagnosis that has a word which begins with it."""
        costs: Costs = {}
        for number in range(bisect_left(self.words, word), len(self.words)):
            if not self.words[number].startswith(word):
                break
            cost = EXACT if self.words[number] == word else BEGINNING
            for place in self.places[number]:
                costs.setdefault(place, cost)
        return costs

    def _like(self, word: str, has_others: bool) -> Costs:
        """As `_beginning_with`, with spelling mistakes; in words of two letters only beside other words."""
        costs = self._beginning_with(word)
        most = mistakes_allowed(word) or int(has_others and len(word) == SHORTEST - 1 and word.isalpha())
        for number in self._similar(word, most) if most else ():
            found = mistakes(word, self.words[number], most)
            if found:
                fewest, is_beginning = found
                cost = MISTAKEN * fewest + is_beginning
                for place in self.places[number]:
                    costs[place] = min(cost, costs.get(place, cost))
        return costs

    def _similar(self, word: str, most: int) -> list[int]:
        """Words that have the same letters but for the mistakes, and a length that fits."""
        mask, shortest = letters(word), len(word) - most
        longest = SHORTEST if len(word) < SHORTEST else LONGEST
        close = [number for number, own in enumerate(self.letters) if (mask & ~own).bit_count() <= most]
        return [number for number in close if shortest <= len(self.words[number]) <= longest]

    @staticmethod
    def _with_all_words(costs: list[Costs]) -> Costs:
        first, *others = sorted(costs, key=len)
        return {
            place: cost + sum(other[place] for other in others)
            for place, cost in first.items()
            if all(place in other for other in others)
        }

    @staticmethod
    def _with_most_words(costs: list[Costs]) -> Costs:
        """All words, or of three and more all but one."""
        spare = int(len(costs) >= WORDS_TO_LEAVE_ONE_OUT)
        total: Costs = defaultdict(int)
        hits: Costs = defaultdict(int)
        for each in costs:
            for place, cost in each.items():
                total[place] += cost
                hits[place] += 1
        missing = {place: len(costs) - count for place, count in hits.items()}
        return {place: total[place] + LEFT_OUT * gone for place, gone in missing.items() if gone <= spare}


def words_of(key: str) -> set[str]:
    return set(key.replace(BETWEEN, " ").split()) - SMALL_WORDS


def _may_be_mistaken(words: int, found: int, limit: int) -> bool:
    return found == 0 if words > 1 else found < limit


def is_nearly_a_name(typed: str, key: str) -> bool:
    """Whether one spelling mistake separates the text from a name in the search key."""
    close = (name for name in key.split(BETWEEN) if abs(len(name) - len(typed)) <= 1)
    return any(mistakes(typed, name, 1) == (1, False) for name in close)
