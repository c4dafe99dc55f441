"""What the substance of an allergy means to the check, however it is written: ingredients and classes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import takewhile

from clinical.prescribing.check import BROAD
from clinical.prescribing.facts import AllergyTo
from clinical.prescribing.other_names import ORDINARY, OTHER_NAMES, STEMS
from clinical.querysets.medicines import search_key
from clinical.statuses import AllergyCategory, DoseForm

SHORTEST_TO_CORRECT = 5
ALIKE = 0.82  # "penicilen" is penicillin, "cefepime" is not cefixime
PROPOSED = 0.65  # somebody is asked whether they meant it
FORMS = {word for form in DoseForm for word in form.value.split("_")}


@dataclass(frozen=True)
class Product:
    """A medicine of the formulary by its names."""

    ingredients: frozenset[str]
    classes: frozenset[str]
    brands: tuple[str, ...] = ()


class Vocabulary:
    """All names that the formulary knows."""

    def __init__(self, products: Iterable[Product]):
        self.products = tuple(products)
        self.classes = frozenset().union(*(product.classes for product in self.products))

    def meaning(self, substance: str, category: str) -> AllergyTo:
        """What is known by the substance: an ingredient, a brand or a class, each as whole words of it."""
        words = search_key(substance).split()
        corrections = [self._correction(word) for word in words]
        text = _renamed(" ".join(fixed or word for fixed, word in zip(corrections, words, strict=True)))
        related = self._related(text)
        return AllergyTo(
            substance,
            ingredients=frozenset(related),
            classes=self._spoken(text),
            related_classes=frozenset().union(*(classes for _count, classes in related.values())),
            is_to_medicine=category == AllergyCategory.MEDICINE,
            read_as=" ".join(filter(None, corrections)),
        )

    def proposal(self, substance: str) -> str:
        """The known name that resembles a word of the substance most; empty if none does."""
        words = sorted(search_key(substance).split(), key=len, reverse=True)
        return next(filter(None, (self._closest(word, PROPOSED) for word in words)), "")

    @cached_property
    def words(self) -> frozenset[str]:
        names = {*OTHER_NAMES, *(name.replace("_", " ") for name in self.classes)}
        for product in self.products:
            names |= {*product.ingredients, *map(brand_word, product.brands)}
        return frozenset(word for name in names for word in search_key(name).split())

    def _correction(self, word: str) -> str:
        """The known word that a misspelt one stands for; empty for a known or a strange one."""
        is_known = bool(self.words & {word, word.removesuffix("s")}) or _class_by_stem(word)
        return "" if is_known else self._closest(word, ALIKE)

    def _closest(self, word: str, cutoff: float) -> str:
        """Names of medicines that are mistaken for each other often differ in the first letter."""
        if len(word) < SHORTEST_TO_CORRECT or not word.isalpha() or {word, word.removesuffix("s")} & ORDINARY:
            return ""
        alike = [each for each in self.words if each[0] == word[0] and len(each) >= SHORTEST_TO_CORRECT]
        return next(iter(get_close_matches(word, sorted(alike), n=1, cutoff=cutoff)), "")

    def _related(self, text: str) -> dict[str, tuple[int, frozenset[str]]]:
        """The ingredients that the text names, with the classes of the product that has fewest others."""
        related: dict[str, tuple[int, frozenset[str]]] = {}
        for product in self.products:
            is_brand = any(_contains(text, brand_word(brand)) for brand in product.brands)
            own = len(product.ingredients), product.classes - BROAD
            for name in product.ingredients:
                if (is_brand or _contains(text, name)) and own[0] < related.get(name, (own[0] + 1,))[0]:
                    related[name] = own
        return related

    def _spoken(self, text: str) -> frozenset[str]:
        words = {*text.split(), *re.sub(r"s\b", "", text).split()}
        named = {name for name in self.classes if set(name.split("_")) <= words}
        return frozenset(named | set(filter(None, map(_class_by_stem, text.split()))))


def brand_word(brand: str) -> str:
    """The brand without strength and form: "augmentin" of "Augmentin 625 Duo"."""
    words = takewhile(lambda word: not any(map(str.isdigit, word)), search_key(brand).split())
    return " ".join(word for word in words if word not in FORMS)


def _renamed(text: str) -> str:
    """The text with other names replaced by those of the formulary, the longest first."""
    text = f" {text} "
    for other in sorted(OTHER_NAMES, key=len, reverse=True):
        text = re.sub(rf" {other}s? ", f" {OTHER_NAMES[other]} ", text)
    return text.strip()


def _class_by_stem(word: str) -> str:
    return next((name for stem, name in STEMS if stem.fullmatch(word)), "")


def _contains(text: str, name: str) -> bool:
    key = search_key(name)
    return bool(key) and f"{key} " in f" {text} "
