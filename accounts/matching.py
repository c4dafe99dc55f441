"""Whether two sets of particulars may be of one person: a score, and the reasons in words.

Nothing here reads the database; `PatientQuerySet.resembling` finds the patients to compare. Up to 50 points
are given for the name, 40 for the birth date and 35 for ways to reach the person, 100 for an ABHA number.
From `POSSIBLE` points on people are asked to look.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from accounts.names import name_key
from hms.core.typed_text import without_accents

POSSIBLE = 70
UNKNOWN_BIRTHDAY_WITHIN = 1  # years: an age that was told is often a year off
TITLES = {
    *("dr", "prof", "mr", "mrs", "ms", "miss", "mx", "master", "baby", "late"),
    *("shri", "sri", "shree", "sree", "smt", "shrimati", "kumari", "kum"),
}
NEWBORN = re.compile(r"\b(?:baby|b) ?(?:of|/ ?o)\b\.?")  # the name that follows is the mother's
RELATIVE = re.compile(r"\b[sdwc] ?/ ?o\b.*")  # "s/o Vikram Rao" names somebody else
SPECIAL = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
HYPHENS = re.compile("[-\u2010\u2011\u2013]")
SPELLINGS = (("ee", "i"), ("oo", "u"), ("ou", "u"), ("ph", "f"), ("w", "v"), ("ck", "k"), ("q", "k"))
DOUBLED = re.compile(r"(.)\1+")
BREATHED = re.compile(r"(?<=[bdgkst])h")


class NameFit(Enum):
    """How two names agree: points, and the reason."""

    SAME = 50, _("same name")
    REORDERED = 50, _("name parts in another order")
    SPELLED = 45, _("name spelled differently")
    LONGER = 45, _("one name has more parts")
    INITIALS = 35, _("initials fit")
    ONE_PART = 30, _("one name is a part of the other")
    SHARED = 15, _("one part of the name in common")
    OTHER = 0, ""


class DateFit(Enum):
    """How two birth dates agree: points, and the reason."""

    SAME = 40, _("same birth date")
    NEAR = 35, _("birth dates a day apart")
    SWAPPED = 35, _("day and month of birth swapped")
    BOTH_UNKNOWN = 25, _("both born on 1 January, which may stand for an unknown birthday")
    UNKNOWN = 20, _("one born on 1 January, which may stand for an unknown birthday")
    OTHER = 0, ""


@dataclass(frozen=True, kw_only=True)
class Person:
    """What the comparison looks at."""

    full_name: str
    date_of_birth: date
    phone: str = ""
    email: str = ""
    abha_number: str = ""


@dataclass(frozen=True)
class Likeness:
    name: NameFit
    born: DateFit
    others: tuple[tuple[int, str], ...]

    @property
    def score(self) -> int:
        return self.name.value[0] + self.born.value[0] + sum(points for points, _reason in self.others)

    @property
    def reasons(self) -> list[str]:
        found = [self.name.value, self.born.value, *self.others]
        return [str(reason) for _points, reason in found if reason]

    @property
    def is_possible(self) -> bool:
        return self.score >= POSSIBLE

    @property
    def is_excluded(self) -> bool:
        return self.name is NameFit.OTHER and self.born is DateFit.OTHER

    @property
    def is_evident(self) -> bool:
        """Whether name and birth date alone say so."""
        is_one_name = self.name in (NameFit.SAME, NameFit.REORDERED, NameFit.SPELLED)
        return is_one_name and self.born in (DateFit.SAME, DateFit.BOTH_UNKNOWN)


def compare(one: Person, other: Person) -> Likeness:
    born = _compare_dates(one.date_of_birth, other.date_of_birth)
    name = compare_names(one.full_name, other.full_name)
    if name is not NameFit.OTHER and born is DateFit.OTHER and _is_of_mother_and_child(one, other):
        name = NameFit.SHARED
    return Likeness(name, born, tuple(_others(one, other)))


def _others(one: Person, other: Person) -> Iterator[tuple[int, str]]:
    if one.abha_number and one.abha_number == other.abha_number:
        yield 100, _("same ABHA number")
    is_same_phone = bool(one.phone) and one.phone == other.phone
    if is_same_phone:
        yield 30, _("same phone")
    if one.email and one.email == other.email:
        yield 5 if is_same_phone else 30, _("same e-mail address")  # families share both


def likely_birth_dates(born: date) -> set[date]:
    """The dates, besides any other one of a year for 1 January, that `compare` gives points for."""
    return {
        *(date.fromordinal(max(born.toordinal() + days, 1)) for days in (-1, 0, 1)),
        *(date(year, 1, 1) for year in years_around(born)),
        _swapped(born) or born,
    }


def years_around(born: date) -> range:
    """The years of birth for which 1 January may stand, and the years for which this date may."""
    return range(born.year - UNKNOWN_BIRTHDAY_WITHIN, born.year + UNKNOWN_BIRTHDAY_WITHIN + 1)


def is_unknown_birthday(born: date) -> bool:
    return (born.day, born.month) == (1, 1)


def _compare_dates(one: date, other: date) -> DateFit:
    unknown = is_unknown_birthday(one) + is_unknown_birthday(other)
    if one == other:
        return DateFit.BOTH_UNKNOWN if unknown else DateFit.SAME
    if abs(one - other) == timedelta(days=1):
        return DateFit.NEAR
    if _swapped(one) == other:
        return DateFit.SWAPPED
    if unknown and abs(one.year - other.year) <= UNKNOWN_BIRTHDAY_WITHIN:
        return DateFit.UNKNOWN
    return DateFit.OTHER


def _swapped(born: date) -> date | None:
    return date(born.year, born.day, born.month) if born.day <= 12 else None


def name_places(name: str) -> frozenset[str]:
    """Texts of which two names have one in common if `compare_names` gives them more than no points."""
    variants = name_parts(name)
    parts = {_spelling(part) for parts in variants for part in parts if len(part) > 1}
    whole = {"".join(parts) for parts in variants} | {" ".join(sorted(parts)) for parts in variants}
    return frozenset(parts | whole)


@lru_cache(maxsize=4096)
def compare_names(one: str, other: str) -> NameFit:
    fits = (_compare_parts(first, second) for first in name_parts(one) for second in name_parts(other))
    return max(fits, key=lambda fit: fit.value[0])


def _compare_parts(one: tuple[str, ...], other: tuple[str, ...]) -> NameFit:
    if one == other or "".join(one) == "".join(other):
        return NameFit.SAME
    if sorted(one) == sorted(other):
        return NameFit.REORDERED
    first, second = sorted((_spellings(one), _spellings(other)), key=len)
    if not any(len(part) > 1 for part in set(first).intersection(second)):
        return NameFit.OTHER
    if sorted(first) == sorted(second):
        return NameFit.SPELLED
    return _compare_counts(Counter(first), Counter(second))


def _compare_counts(first: Counter, second: Counter) -> NameFit:
    """The fit by the parts of the shorter name: found in the other, found as initials, not found."""
    common = first & second
    full = sum(count for part, count in common.items() if len(part) > 1)
    left, left_of_other = first - common, second - common
    initials = _initials(left, left_of_other)
    if left.total() > initials:
        return NameFit.SHARED
    if initials:
        return NameFit.INITIALS
    return NameFit.LONGER if full > 1 else NameFit.ONE_PART


def _initials(one: Counter, other: Counter) -> int:
    """How many parts of one name are the initial of a part of the other."""
    return sum(
        min(
            sum(count for part, count in single.items() if part == letter),
            sum(count for part, count in words.items() if len(part) > 1 and part[0] == letter),
        )
        for single, words in ((one, other), (other, one))
        for letter in {part for part in single if len(part) == 1}
    )


def _spellings(parts: tuple[str, ...]) -> list[str]:
    return [_spelling(part) for part in parts]


@lru_cache(maxsize=4096)
def _spelling(part: str) -> str:
    """The part in a form that common spellings of one Indian name share: Meena and Mina, Sitha and Sita."""
    for typed, kept in SPELLINGS:
        part = part.replace(typed, kept)
    part = DOUBLED.sub(r"\1", BREATHED.sub("", part))
    return part[:-1] + "i" if len(part) > 1 and part.endswith("y") else part


def _is_of_mother_and_child(one: Person, other: Person) -> bool:
    """Whether one name is "Baby of" somebody and the other is not."""
    newborn, mother = (bool(NEWBORN.search(name_key(person.full_name))) for person in (one, other))
    return newborn != mother


@lru_cache(maxsize=4096)
def name_parts(name: str) -> frozenset[tuple[str, ...]]:
    """The parts of a name without titles and accents; joined, and split, at a hyphen or apostrophe."""
    text = RELATIVE.sub("", NEWBORN.sub(" ", name_key(name))) or name_key(name)
    text = without_accents(text).translate(SPECIAL)
    split = HYPHENS.sub(" ", text)
    return frozenset(
        _without_titles(words)
        for words in (
            APOSTROPHES.sub("", HYPHENS.sub("", text)),
            APOSTROPHES.sub("", split),
            APOSTROPHES.sub(" ", split),
        )
    )


def _without_titles(text: str) -> tuple[str, ...]:
    words = "".join(letter if _is_of_a_word(letter) else " " for letter in text).split()
    return tuple(word for word in words if word not in TITLES) or tuple(words)


def _is_of_a_word(letter: str) -> bool:
    """A letter, a digit, a vowel sign, or a joiner within a word."""
    return letter.isalnum() or unicodedata.category(letter).startswith("M")
