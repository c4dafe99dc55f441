"""The form in which words are compared: without case, accents, plurals and British spelling."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.utils import timezone

from hms.core.typed_text import clean_text, without_accents

APOSTROPHES = re.compile("['\u2019\u02bc`]")
WORD_OR_END = re.compile(r"[^\W_]+|[.,;:!?()\n]")
AGE = re.compile(r"\b(\d{1,3})[ -]?(day|week|wk|month|mth|year|yr)s?[ -]?old\b")
AGED = re.compile(r"\baged? (\d{1,3})\b")
IN_YEAR = re.compile(r"\bin ((?:19|20)\d\d)\b")
READING = re.compile(
    r"\b(sugar|glucose|oxygen|spo2|saturation)"
    r"(?: (?:level|reading|saturation|is|of|now|only|came|at|has|gone|to))*"
    r"[ =:-]*(\d{2,4})\b(?![.,]\d)"
)
# Numbers from … up to below … that are a danger, in mg/dl and per cent, and the words for them.
DANGERS = {
    "sugar": ((20, 55, " sugar critically low "), (400, 1000, " sugar critically high ")),
    "oxygen": ((40, 90, " oxygen critically low "),),
}
KINDS = {"sugar": "sugar", "glucose": "sugar", "oxygen": "oxygen", "spo2": "oxygen", "saturation": "oxygen"}
ADULT_FROM, CHILD_FROM_MONTHS = 18, 13
IRREGULAR = {
    **dict.fromkeys(["cant", "cannot", "couldnt", "wont", "dont", "doesnt", "didnt", "isnt"], "not"),
    **dict.fromkeys(["arent", "wasnt", "hasnt", "havent", "unable", "never"], "not"),
    **dict.fromkeys(["without", "none", "nor", "neither", "denies", "denied", "prevent", "prevention"], "no"),
    "teeth": "tooth",
    "feet": "foot",
    "children": "child",
    "women": "woman",
    "men": "man",
    "fits": "fits",  # the illness; “fit” is something else
}
NEGATIONS = {"no", "not"}
EITHER = {"or"}
# Never part of what somebody means.
_STOP = """
    a an the i im ive me my mine we our us you your he she it its his her they them their this that these
    those is are am was were be been being has have had do does did in on at of to from for with
    and by as if so can will would should could may might must please get got getting gets there then when
    while whenever who whom which what because due also some any about near best good find show help suffering
    suffer problem issue complaint since during into able"""
# They may be part of it (“severe headache”); elsewhere they are passed over.
_LIGHT = """
    having very severe sudden suddenly really bad badly lot lots much more too left right side both one
    two three few day week month year hour minute today yesterday morning evening night now again always
    often sometimes little slight mild constant continuous extreme terrible old lower upper only just
    longer kind whole area last after up out all want need feel feels feeling felt like doctor dr
    specialist consultant clinic department hospital
    see hai mein bahut tez mera meri mere"""  # the last ones mean “is”, “my” and “very” in Hindi


# Whom the text is about counts in all of its sentences.
PERSONS = {"baby", "newborn", "infant", "pregnant", "pregnancy"}


class Token(NamedTuple):
    typed: str  # folded as it was typed
    word: str  # as words are compared
    clause: int


def folded(text: str) -> str:
    return APOSTROPHES.sub("", without_accents(clean_text(text, lines=True).casefold()))


def word_of(word: str) -> str:
    """The singular in American spelling: “Paediatricians” is “pediatrician”."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    word = _singular(word)
    if len(word) > 4:  # “shoe” is not “she”
        word = word.replace("ae", "e").replace("oe", "e")
        if word.endswith("our"):
            word = word[:-3] + "or"
    return word


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word[-2] in "sui":
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]


STOP, LIGHT = ({word_of(word) for word in words.split()} for words in (_STOP, _LIGHT))


def tokens_of(text: str) -> list[Token]:
    """The words of a text with the number of their clause.

    An age becomes “baby”, “child” or nothing, a past year “year ago”, and a dangerous reading says so.
    """
    tokens, clause, plain = [], 0, folded(text)
    for pattern, word in ((AGE, _age), (AGED, _aged), (IN_YEAR, _past), (READING, _danger)):
        plain = pattern.sub(word, plain)
    for found in WORD_OR_END.findall(plain):
        if found == "but" or not found[0].isalnum():
            clause += 1
        else:
            tokens.append(Token(found, word_of(found), clause))
    return tokens


def _age(found: re.Match) -> str:
    number, unit = int(found[1]), found[2]
    months = {"m": number, "y": number * 12}.get(unit[0], number // 30)
    if months < CHILD_FROM_MONTHS:
        return " baby "
    return " child " if months < ADULT_FROM * 12 else " "


def _aged(found: re.Match) -> str:
    return " child " if int(found[1]) < ADULT_FROM else " "


def _past(found: re.Match) -> str:
    return " year ago " if int(found[1]) < timezone.localdate().year else found[0]


def _danger(found: re.Match) -> str:
    number = int(found[2])
    ranges = DANGERS[KINDS[found[1]]]
    return next((words for first, end, words in ranges if first <= number < end), found[0])


def words_of(text: str, *, is_whole: bool = False) -> tuple[str, ...]:
    """The words of a phrase of ours that must occur: those that say something.

    All of them where one alone would say something else, if the phrase counts as a whole: “got current”.
    """
    words = tuple(token.word for token in tokens_of(text))
    telling = tuple(word for word in words if word not in STOP)
    is_alone = len(telling) == 1 and says_something(telling)
    return words if is_whole and is_alone else telling


def says_something(words: Iterable[str]) -> bool:
    """Whether the words of a phrase are more than “not” and “very”."""
    return not set(words) <= LIGHT | NEGATIONS | EITHER
