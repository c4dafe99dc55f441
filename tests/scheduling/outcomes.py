"""Visits whose outcome follows a known law, drawn without the code under test."""

import math
import random
from collections import defaultdict
from datetime import date, timedelta

from scheduling.no_show.facts import Outcome

FIRST_DAY = date(2026, 1, 1)


def law(lead: int, age: int, missed: int, earlier: int) -> float:
    """The formula that the software came with, written out once more."""
    x = -1.484 + 0.217 * math.log(1 + lead) - 1.635 * (lead == 0)
    x += -0.0108 * age - 0.0043 * max(age - 30, 0) - 0.346 * (age < 13)
    x += 3.08 * (missed + 0.6) / (earlier + 3) + 0.009 * earlier
    return 1 / (1 + math.exp(-x))


def drawn(visits: int, *, seed: int = 7, patients: int = 600, chance=law) -> list[Outcome]:
    """Visits in a year; what a patient did before is known at a booking if it was before that day."""
    draw = random.Random(seed)
    ages = [draw.randint(0, 90) for _patient in range(patients)]
    asked = [
        (draw.randrange(330), draw.choice([0, 0, 0, 1, 2, 5, 9, 20, 30]), draw.randrange(patients))
        for _visit in range(visits)
    ]
    history: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    outcomes = []
    for booked, lead, patient in sorted(asked):
        known = [missed for day, missed in history[patient] if day < booked]
        missed = draw.random() < chance(lead, ages[patient], sum(known), len(known))
        history[patient].append((booked + lead, missed))
        booked_on, visit_on = FIRST_DAY + timedelta(booked), FIRST_DAY + timedelta(booked + lead)
        gender = "female" if patient % 2 else "male"
        outcomes.append(Outcome(patient, booked_on, visit_on, visit_on, ages[patient], missed, gender))
    return outcomes
