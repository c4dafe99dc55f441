"""Patients of all ages: some with a login, some in the care of one, some who just walk in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import CONSENT, Language, Patient, Relation, Scope, User
from accounts.particulars import KnownElsewhere
from accounts.services import register_dependant, register_patient, register_patients, sign_up_patient
from hms.core.days import local_day
from hms.demo.chance import Chance
from hms.demo.data.names import COMMUNITIES
from hms.demo.data.places import address
from hms.demo.logins import PATIENT_LOGINS, email_of
from hms.demo.persons import FEMALE, MALE, Home, Person, new_home, new_person, particulars

SIGN_UP, IN_CARE, WALK_IN = "sign up", "in care", "walk in"
SHARE_WITH_LOGIN, SHARE_IN_CARE = 0.68, 0.17
MOST_IN_CARE, MOST_MIXED_IN, PORTION = 100, 200, 500
LONGEST_KNOWN_DAYS = 1500
# The family of patient@: given name, gender, years, what she is to them.
FAMILY = (
    ("Meera", FEMALE, 38.4, Relation.SELF),
    ("Aarav", MALE, 7.6, Relation.PARENT),
    ("Lakshmi", FEMALE, 68.2, Relation.CHILD),
)
FAMILY_NAME, TAMIL = "Krishnan", COMMUNITIES[1]
WITH_LOGIN = (21, 72)  # years
WALK_INS = {(0.1, 5): 12, (5, 14): 9, (14, 18): 3, (18, 40): 26, (40, 60): 24, (60, 75): 18, (75, 93): 8}
YOUNGEST_PARENT, OLDEST_CHILD_OF_CARER = 20, 17
MOST_FOR_SMALL_CHILDREN, LEAST_FOR_OLD_PARENTS, LEAST_FOR_ADULT_CARE = 52, 30, 60


@dataclass(frozen=True)
class Visitor:
    """A patient, and the login that books for them; without one the front desk does."""

    patient: Patient
    login: User | None = None


@dataclass(frozen=True)
class Carer:
    """A login with the home and the person behind it."""

    login: User
    home: Home
    person: Person


class Admissions:
    """Registers patients through the services, in the order in which they first came."""

    def __init__(self, *, desk: User, languages: dict[str, Language], chance: Chance, now: datetime):
        self.desk, self.languages, self.chance, self.now = desk, languages, chance, now
        self.today = timezone.localdate(now)
        self.carers: list[Carer] = []

    def admit(self, how_many: int, past_days: int, step: Callable[[int], object]) -> list[Visitor]:
        """Register so many patients; `step` is told how many are through."""
        visitors = []
        moments = iter(self._first_visits(how_many, past_days))
        for arrivals in self._all(how_many - len(FAMILY), moments):
            visitors += arrivals
            step(len(arrivals))
        return visitors

    def _first_visits(self, how_many: int, past_days: int) -> list[datetime]:
        """Most were known before the time that is shown; the family of patient@ comes first."""
        chance, known = self.chance.part("first visits"), (past_days, past_days + LONGEST_KNOWN_DAYS)
        days = [chance.uniform(*(1, past_days) if chance.happens(0.25) else known) for _ in range(how_many)]
        days[: len(FAMILY)] = [known[1]] * len(FAMILY)
        return sorted(self.now - timedelta(days=day) for day in days)

    def _all(self, how_many: int, moments: Iterator[datetime]) -> Iterator[list[Visitor]]:
        yield list(self._family(moments))
        with_login = min(PATIENT_LOGINS, round(how_many * SHARE_WITH_LOGIN))
        in_care = min(MOST_IN_CARE, round(how_many * SHARE_IN_CARE))
        walk_ins = min(MOST_MIXED_IN, how_many - with_login - in_care)
        doors = [SIGN_UP] * with_login + [IN_CARE] * in_care + [WALK_IN] * walk_ins
        self.chance.part("doors").shuffle(doors)
        logins = 0
        for position, door in enumerate(doors):
            chance = self.chance.part(str(position))
            if door == SIGN_UP:
                logins += 1
                yield [self._sign_up(chance, f"patient{logins:03}", next(moments))]
            elif door == IN_CARE:
                yield [self._in_care(chance, next(moments))]
            else:
                yield [self._walk_in(chance, next(moments))]
        yield from self._crowd(range(len(doors), how_many), moments)

    def _crowd(self, positions: range, moments: Iterator[datetime]) -> Iterator[list[Visitor]]:
        """A big hospital's other patients, who all walk in, in portions."""
        for first in range(0, len(positions), PORTION):
            portion = [self.chance.part(str(position)) for position in positions[first : first + PORTION]]
            patients = [self.stranger(chance, next(moments)) for chance in portion]
            yield [Visitor(patient) for patient in register_patients(particulars=patients, by=self.desk)]

    def _family(self, moments: Iterator[datetime]) -> Iterator[Visitor]:
        """Patient@ cares for herself, her son and her mother."""
        chance = self.chance.part("family")
        home = Home(TAMIL, FAMILY_NAME, "+919845012345", address(chance))
        for given, gender, years, relation in FAMILY:
            born = self.today - timedelta(days=int(years * 365.25))
            person = Person(f"{given} {FAMILY_NAME}", gender, born, TAMIL)
            facts = self._facts(chance, person, home, next(moments))
            if relation == Relation.SELF:
                carer = Carer(self._login("patient", facts), home, person)
                yield Visitor(_own(carer.login), carer.login)
            else:
                yield self._dependant(carer, relation, facts)

    def _sign_up(self, chance: Chance, name: str, first_visit: datetime) -> Visitor:
        home = new_home(chance)
        person = new_person(chance, home, WITH_LOGIN, self.today)
        facts = self._facts(chance, person, home, first_visit, contact=_relative(chance, home))
        carer = Carer(self._login(name, facts), home, person)
        self.carers.append(carer)
        return Visitor(_own(carer.login), carer.login)

    def _in_care(self, chance: Chance, first_visit: datetime) -> Visitor:
        """Somebody of a carer's family; whoever comes before all carers walks in."""
        if not self.carers:
            return self._walk_in(chance, first_visit)
        carer = chance.choice(self.carers)
        relation, years = _relation(chance, (self.today - carer.person.born).days / 365.25)
        other = MALE if carer.person.gender == FEMALE else FEMALE
        gender = other if relation == Relation.SPOUSE else ""
        person = new_person(chance, carer.home, years, self.today, gender)
        contact = carer.person.full_name
        facts = self._facts(chance, person, carer.home, first_visit, contact=contact)
        return self._dependant(carer, relation, facts)

    def _walk_in(self, chance: Chance, first_visit: datetime) -> Visitor:
        return Visitor(register_patient(particulars=self.stranger(chance, first_visit), by=self.desk))

    def stranger(self, chance: Chance, first_visit: datetime) -> KnownElsewhere:
        home = new_home(chance)
        person = new_person(chance, home, chance.pick(WALK_INS), self.today)
        return self._facts(chance, person, home, first_visit, contact=_relative(chance, home))

    def _facts(
        self, chance, person: Person, home: Home, first_visit: datetime, contact: str = ""
    ) -> KnownElsewhere:
        """Babies are registered at birth, whenever their turn to come first was."""
        spoken = person.community.languages[0] if chance.happens(0.8) else "en"
        return KnownElsewhere(
            **particulars(chance, person, home, contact=contact),
            preferred_language=self.languages[spoken],
            registered_at=max(first_visit, local_day(person.born)[1]),
        )

    def _login(self, name: str, facts: KnownElsewhere) -> User:
        """A login with its own patient; nobody can log in before `open_logins`."""
        return sign_up_patient(email=email_of(name), password=None, particulars=facts)

    def _dependant(self, carer: Carer, relation: str, facts: KnownElsewhere) -> Visitor:
        guardianship = register_dependant(
            particulars=facts,
            relation=relation,
            scopes=Scope,
            consent_statement=str(CONSENT),
            by=carer.login,
        )
        return Visitor(guardianship.patient, carer.login)


def _own(login: User) -> Patient:
    return login.guardianships.select_related("patient").get(relation=Relation.SELF).patient


def _relative(chance: Chance, home: Home) -> str:
    """Whom to call in an emergency; some leave it empty."""
    if chance.happens(0.2):
        return ""
    given = chance.choice((*home.community.women, *home.community.men))
    return f"{given} {home.family_name}"


def _relation(chance: Chance, carer_years: float) -> tuple[str, tuple[float, float]]:
    """Whom a carer of this age cares for: a child, a parent, later the spouse; and how old they are."""
    if carer_years > LEAST_FOR_ADULT_CARE:
        return Relation.SPOUSE, (carer_years - 6, carer_years + 6)
    oldest_child = min(carer_years - YOUNGEST_PARENT, OLDEST_CHILD_OF_CARER)
    may_have_child = oldest_child > 1 and carer_years < MOST_FOR_SMALL_CHILDREN
    if may_have_child and (carer_years < LEAST_FOR_OLD_PARENTS or chance.happens(0.65)):
        return Relation.PARENT, (0.1, oldest_child)
    return Relation.CHILD, (carer_years + 21, min(carer_years + 34, 94))
