"""In which weeks the doctors work: a few patterns of two shifts, as hospitals have them."""

from dataclasses import dataclass
from datetime import time

from scheduling.statuses import VisitMode

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
TO_SATURDAY, TO_FRIDAY = EVERY_DAY[:6], EVERY_DAY[:5]
MON_WED_FRI, TUE_THU, TUE_TO_SAT = (0, 2, 4), (1, 3), (1, 2, 3, 4, 5)
WED_SAT, SATURDAY, SUNDAY, WEDNESDAY, THURSDAY = (2, 5), (5,), (6,), (2,), (3,)
MAIN, SECOND = 0, 1  # branches


@dataclass(frozen=True)
class Shift:
    """The same hours on several days of the week."""

    weekdays: tuple[int, ...]
    starts_at: time
    ends_at: time
    slot_minutes: int
    branch: int = MAIN
    capacity: int = 1
    mode: str = VisitMode.IN_PERSON


ALL_WEEK = (
    Shift(TO_SATURDAY, time(9), time(13), 15),
    Shift(TO_SATURDAY, time(16), time(19), 15),
    Shift(SUNDAY, time(10), time(13), 15),
)
MORNINGS = (
    Shift(TO_FRIDAY, time(9, 30), time(13), 15),
    Shift(MON_WED_FRI, time(17), time(19, 30), 15),
    Shift(SATURDAY, time(10), time(13), 15, SECOND),
)
TWO_BRANCHES = (
    Shift(MON_WED_FRI, time(10), time(13), 20),
    Shift(TUE_THU, time(15), time(18), 20, SECOND),
    Shift(MON_WED_FRI, time(16), time(17, 30), 15, mode=VisitMode.VIDEO),
)
EARLY = (
    Shift(TUE_TO_SAT, time(8), time(12), 10),
    Shift(TUE_TO_SAT, time(14), time(17), 20),
)
AFTERNOONS = (
    Shift(TO_FRIDAY, time(14), time(18), 30),
    Shift(SATURDAY, time(9), time(13), 30, SECOND),
    Shift(WEDNESDAY, time(10), time(12), 20, mode=VisitMode.VIDEO),
)
VISITING = (
    Shift(WED_SAT, time(16), time(19, 30), 15),
    Shift(TUE_THU, time(16), time(18), 20, SECOND),
)
WEEK = (
    Shift(TO_SATURDAY, time(8, 30), time(12, 30), 20),
    Shift(THURSDAY, time(14), time(17), 20, mode=VisitMode.VIDEO),
)
PATTERNS = (
    *(ALL_WEEK, MORNINGS, AFTERNOONS, WEEK, EARLY, TWO_BRANCHES, TWO_BRANCHES, MORNINGS),
    *(WEEK, AFTERNOONS, EARLY, MORNINGS, WEEK, TWO_BRANCHES, EARLY, VISITING),
)
# Sessions to which several come at once, held by the first doctor of the department.
SESSIONS = {
    "paediatrics": (Shift(WED_SAT, time(14), time(16), 30, capacity=4),),  # vaccination
    "general-surgery": (Shift(TO_SATURDAY, time(8), time(9), 20, capacity=3),),  # dressings
}


def pattern_of(position: int) -> tuple[Shift, ...]:
    return PATTERNS[position % len(PATTERNS)]
