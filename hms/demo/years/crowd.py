"""The many patients of the older years, who all walk in, registered in the order in which they came."""

from bisect import bisect_left
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate, chain

from django.db.models import QuerySet

from accounts.models import Gender, Patient
from accounts.models.patient import ADULT_AT
from accounts.services.patients import add_patients
from audit.signing.canonical import encoded
from hms.core.transactions import retried_atomic
from hms.demo.chance import Chance
from hms.demo.data.speciality import ADULTS, CHILDREN, EVERYONE
from hms.demo.diary import GROWN_UP
from hms.demo.patients import Admissions

PORTION = 2_000
KEY = "demo-crowd/"
KNOWN_BEFORE, KNOWN_DAYS = (
    0.25,
    1_500,
)  # the share that was known before the first day
NEW, NEWEST = 0.25, 0.02  # so many visits are of the newest patients, who are this share of all
TRIES = 24
YEAR_DAYS = 365.25


def crowd() -> QuerySet[Patient]:
    return Patient.objects.filter(idempotency_key__gte=f"{KEY}0", idempotency_key__lt=f"{KEY}a").order_by(
        "pk"
    )


class Registration:
    """Registers patients up to a number; whoever is there already is left as they are."""

    def __init__(self, admissions: Admissions, chance: Chance, days: int):
        self.admissions, self.chance, self.days = admissions, chance, days
        self.began = admissions.now - timedelta(days=days)

    def go_on(self, how_many: int, step: Callable[[int], object]) -> None:
        while (there := crowd().count()) < how_many:
            step(len(self._register(range(there, min(there + PORTION, how_many)), how_many)))

    @retried_atomic
    def _register(self, positions: range, how_many: int) -> list[Patient]:
        return add_patients([self._patient(position, how_many) for position in positions])

    def _patient(self, position: int, how_many: int) -> Patient:
        facts = self.admissions.stranger(self.chance.part(str(position)), self._came(position, how_many))
        return Patient(idempotency_key=f"{KEY}{position:07}", **facts.new_row())

    def _came(self, position: int, how_many: int) -> datetime:
        """In the order of the positions."""
        known = round(how_many * KNOWN_BEFORE)
        if position < known:
            return self.began - timedelta(days=KNOWN_DAYS * (known - position) / known)
        return self.began + timedelta(days=self.days * (position - known) / (how_many - known))


class Crowd:
    """What the visits need to know of the patients, in the order in which they were registered."""

    def __init__(self):
        self.pks, self.registered, self.born = [], [], []
        self.names, self.mrns, self.addresses, self.genders = [], [], [], []
        for patient in crowd().iterator(chunk_size=PORTION):
            self.pks.append(patient.pk)
            self.registered.append(int(patient.registered_at.timestamp()))
            self.born.append(patient.date_of_birth.toordinal())
            self.genders.append(patient.gender)
            self.names.append(patient.full_name)
            self.mrns.append(patient.mrn)
            self.addresses.append(encoded(patient.address_lines))

    @cached_property
    def earliest(self) -> list[int]:
        """From each position on the earliest registration; a baby's is at birth, whoever's turn it was."""
        return list(accumulate(reversed(self.registered), min))[::-1]

    def somebody(self, chance: Chance, audience: str, *, at: int, day: int, busy: set[int]) -> int | None:
        """The position of a patient for the department who was known then and has no visit on the day."""

        def is_fit(position: int) -> bool:
            is_known = self.registered[position] < at
            return is_known and position not in busy and self.suits(position, audience, day)

        known = bisect_left(self.earliest, at)
        some = (self._position(chance, known) for _attempt in range(TRIES if known else 0))
        found = next(filter(is_fit, chain(some, range(known))), None)
        if found is not None:
            busy.add(found)
        return found

    def _position(self, chance: Chance, known: int) -> int:
        """Some come every month, most once a year; and many have just come for the first time."""
        if chance.random() < NEW:
            return known - 1 - int(known * NEWEST * chance.random())
        return int(known * chance.random() ** 1.25)

    def age(self, position: int, day: int) -> int:
        return int((day - self.born[position]) / YEAR_DAYS)

    def suits(self, position: int, audience: str, day: int) -> bool:
        age = self.age(position, day)
        if audience == EVERYONE:
            return True
        if audience == CHILDREN:
            return age < ADULT_AT
        return age >= GROWN_UP and (audience == ADULTS or self.genders[position] == Gender.FEMALE)
