"""Reads what doctors type: "BD", "1-0-1", "q8h for 5 days", "5 days 2-0-0 then 5 days 1-0-0"."""

import re
from decimal import Decimal

from accounts.names import tidy
from clinical.exceptions import ScheduleUnclear
from clinical.prescribing.schedule import LONGEST_DAYS, Phase, Schedule

DAYS = {"d": 1, "day": 1, "days": 1, "w": 7, "wk": 7, "wks": 7, "week": 7, "weeks": 7}
DAYS |= dict.fromkeys(("m", "mo", "month", "months"), 30)
NUMBER = r"\d{1,2}(?:\.\d{1,2})?"
FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
PARTS = re.compile(rf"\b({NUMBER})-({NUMBER})-({NUMBER})(?:-({NUMBER}))?(?![\d.-])")
EVERY_HOURS = re.compile(
    r"\b(?:q ?(\d{1,2}) ?h(?:rly|ourly)?|every (\d{1,2}) h(?:ou)?rs?|(\d{1,2}) hourly)\b"
)
EVERY_DAYS = re.compile(
    r"\b(?:(?:on )?alt(?:ernate)?\.? days?|every (?:other|second) day|eod|qod|q2d"
    r"|every (\d{1,2}) days|(once )?(?:weekly|a week|per week|every week))\b"
)
AS_NEEDED = re.compile(r"\b(?:sos|prn|(?:as|if|when) (?:needed|required))\b")
AT_MOST = re.compile(
    r"\b(?:at most|max(?:imum)?|up to|not more than) ?(\d{1,2})(?: times)?"
    r"(?: ?/ ?| a | per | in a | )?(?:day|d|daily)?\b"
)
ONCE = re.compile(r"\b(?:stat|(?:only )?once(?! (?:a|per|daily|every|week))|single dose)\b")
LASTS = re.compile(r"(?:\bfor |\bx ?)?\b(\d{1,4}) ?(d|days?|w|wks?|weeks?|m|mo|months?)\b")
THEN = re.compile(r"\s*[,;]?\s*\bthen\b\s*|\s*;\s*")
WORDS = {
    (1, 0, 0, 0): ("od", "once daily", "once a day", "qd", "mane", "in the morning", "every morning"),
    (1, 0, 0, 1): ("bd", "bid", "bds", "twice daily", "twice a day"),
    (1, 1, 0, 1): ("tds", "tid", "thrice daily", "thrice a day", "three times a day", "3 times a day"),
    (1, 1, 1, 1): ("qid", "qds", "four times a day", "4 times a day"),
    (0, 0, 1, 0): ("in the evening", "every evening"),
    (0, 0, 0, 1): ("hs", "at bedtime", "nocte", "at night", "every night"),
}
BY_WORD = {word: parts for parts, words in WORDS.items() for word in words}
WORD = re.compile(rf"\b(?:{'|'.join(sorted(BY_WORD, key=len, reverse=True))})\b")


def parse_schedule(text: str) -> Schedule:
    """The schedule that the text means; refuses with `ScheduleUnclear` what it cannot read to the end."""
    cleaned = _cleaned(text)
    try:
        phases = tuple(_Reader(part).phase() for part in THEN.split(cleaned))
        return Schedule(phases)
    except ValueError as error:
        raise ScheduleUnclear(typed=text) from error


def _cleaned(text: str) -> str:
    """Lower case, ASCII dashes, decimal points for fractions, no dots after letters ("b.d.")."""
    lower = tidy(text).lower().replace("\u2013", "-").replace("\u00d7", "x")
    lower = re.sub(r"(?<![\d/])1/2(?![\d/])", "½", lower)
    for sign, digits in FRACTIONS.items():
        lower = re.sub(rf"(\d?){sign}", lambda found, d=digits: f"{found[1] or '0'}{d}", lower)
    lower = re.sub(r"\s*-\s*", "-", lower)
    return re.sub(r"(?<=[a-z])\.", "", lower)


class _Reader:
    """Takes one thing after the other out of the text of one phase; nothing may remain."""

    def __init__(self, text: str):
        self.text = text

    def take(self, pattern: re.Pattern) -> re.Match | None:
        found = pattern.search(self.text)
        if found:
            self.text = f"{self.text[: found.start()]} {self.text[found.end() :]}"
        return found

    def phase(self) -> Phase:
        every_days = self._every_days()
        rhythm = self._rhythm(is_optional=every_days > 1)
        days = self._days()
        if re.sub(r"\b(?:for|and|daily)\b|[\s,.]", "", self.text):
            raise ValueError(self.text)
        return Phase(**rhythm, every_days=every_days, days=days)

    def _every_days(self) -> int:
        found = self.take(EVERY_DAYS)
        if found is None:
            return 1
        if found[1]:
            return _between(int(found[1]), 1, 90)
        return 7 if "week" in found[0] else 2

    def _rhythm(self, *, is_optional: bool) -> dict:
        if self.take(AS_NEEDED):
            return {"is_as_needed": True, "at_most": self._at_most()}
        if found := self.take(PARTS):
            return {"parts": _parts(found)}
        if found := self.take(EVERY_HOURS):
            return {"every_hours": _between(int(found[1] or found[2] or found[3]), 1, 72)}
        if found := self.take(WORD):
            return {"parts": tuple(map(Decimal, BY_WORD[found[0]]))}
        if self.take(ONCE):
            return {"is_once": True}
        if is_optional:
            return {"parts": tuple(map(Decimal, (1, 0, 0, 0)))}
        raise ValueError("no rhythm")

    def _at_most(self) -> int | None:
        """The limit that the text states, or the one that follows from its rhythm: "q6h sos"."""
        if found := self.take(AT_MOST):
            return _between(int(found[1]), 1, 24)
        if found := self.take(EVERY_HOURS):
            return max(24 // _between(int(found[1] or found[2] or found[3]), 1, 72), 1)
        found = self.take(PARTS)
        parts = _parts(found) if found else None
        if parts is None and (word := self.take(WORD)):
            parts = BY_WORD[word[0]]
        return None if parts is None else max(int(sum(parts)), 1)

    def _days(self) -> int | None:
        found = self.take(LASTS)
        return _between(int(found[1]) * DAYS[found[2]], 1, LONGEST_DAYS) if found else None


def _parts(found: re.Match) -> tuple[Decimal, ...]:
    first, second, third, fourth = (None if text is None else Decimal(text) for text in found.groups())
    if fourth is None:
        return first, second, Decimal(0), third
    return first, second, third, fourth


def _between(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise ValueError(number)
    return number
