"""Patients who may be registered twice: before a registration, and among the latest registrations.

Only staff who see the patients are told. Sign-up does not ask and the family page asks only about the people
already in care, so that nobody outside learns whether a person is a patient.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from accounts.matching import (
    Likeness,
    Person,
    compare,
    is_unknown_birthday,
    likely_birth_dates,
    name_places,
    years_around,
)
from accounts.models import Patient
from accounts.names import tidy_email
from accounts.services.pairs import decided_pairs
from hms.core.rights import require

MOST_SHOWN = 10
LATEST, LATEST_DAYS = 300, 30
AT_ONCE = 100  # registrations compared with one query
MOST_COMPARED = 60  # people compared with one: of more, those with the same contact or birth date come first


@dataclass(frozen=True)
class Pair:
    """The keys of a patient registered lately and of one who may be the same person."""

    new: int
    old: int
    likeness: Likeness


@dataclass(frozen=True)
class Match:
    """A patient who may be the person in question, or the patient `of`."""

    patient: Patient
    likeness: Likeness
    of: Patient | None = None

    def __str__(self):
        return f"{self.patient}: {'; '.join(self.reasons)}"

    @property
    def reasons(self) -> list[str]:
        return self.likeness.reasons


def similar_patients(
    *,
    by,
    full_name: str,
    date_of_birth: date,
    phone=None,
    email: str | None = None,
    abha_number: str | None = None,
    besides: Patient | None = None,
) -> list[Match]:
    """The most similar patients among those whom `by` sees, with the reasons."""
    person = _person(full_name, date_of_birth, phone, email, abha_number)
    own = besides.pk if besides is not None else None
    decided = decided_pairs([own]) if own else set()
    found = {
        pk: likeness
        for pk, *particulars in Patient.objects.resembling([person])
        if pk != own
        and frozenset((pk, own)) not in decided
        and (likeness := compare(person, _person(*particulars))).is_possible
    }
    best = sorted(found, key=lambda pk: (-found[pk].score, pk))[:MOST_SHOWN]
    patients = _seen_by(by, best)
    return [Match(patients[pk], found[pk]) for pk in best if pk in patients]


def similar_to_each(*, people: Sequence[Person], by) -> list[list[Match]]:
    """For each of many people the patients whom `by` sees and who may be the same person, the best first."""
    found: list[dict[int, Likeness]] = []
    for start in range(0, len(people), AT_ONCE):
        batch = people[start : start + AT_ONCE]
        others = {pk: _person(*particulars) for pk, *particulars in Patient.objects.resembling(batch)}
        index = Index(others)
        found += [index.alike(person) for person in batch]
    patients = _seen_by(by, {pk for likenesses in found for pk in likenesses})
    return [
        [Match(patients[pk], likeness) for pk, likeness in likenesses.items() if pk in patients]
        for likenesses in found
    ]


def repeated(people: Sequence[Person]) -> list[dict[int, Likeness]]:
    """For each of these people the places of the earlier ones who may be the same person."""
    index = Index({})
    found = []
    for place, person in enumerate(people):
        found.append(index.alike(person))
        index.add(place, person)
    return found


def possible_duplicates(*, by) -> list[Pair]:
    """Undecided pairs among which one patient was registered lately, the latest first.

    Refuses all but the desk.
    """
    require(by, "accounts.add_patient")
    since = timezone.now() - timedelta(days=LATEST_DAYS)
    latest = Patient.objects.filter(registered_at__gte=since).order_by("-registered_at", "-pk")
    patients = list(latest[:LATEST])
    pairs, decided = {}, decided_pairs([patient.pk for patient in patients])
    for start in range(0, len(patients), AT_ONCE):
        for pair in _alike(patients[start : start + AT_ONCE]):
            if (both := frozenset((pair.new, pair.old))) not in decided:
                pairs.setdefault(both, pair)
    return list(pairs.values())


def matches_of(*, pairs: Collection[Pair], by) -> list[Match]:
    """The patients of these pairs, as far as `by` sees both."""
    patients = _seen_by(by, {pk for pair in pairs for pk in (pair.new, pair.old)})
    both = [pair for pair in pairs if pair.new in patients and pair.old in patients]
    return [Match(patients[pair.old], pair.likeness, patients[pair.new]) for pair in both]


def _seen_by(by, keys: Collection[int]) -> dict[int, Patient]:
    if not keys:
        return {}
    return {patient.pk: patient for patient in Patient.objects.visible_to(by).filter(pk__in=keys).order_by()}


def _alike(patients: Iterable[Patient]) -> Iterator[Pair]:
    people = {patient.pk: person_of(patient) for patient in patients}
    others = {
        pk: _person(*particulars) for pk, *particulars in Patient.objects.resembling([*people.values()])
    }
    index = Index(others)
    for new, person in people.items():
        for old, likeness in sorted(index.alike(person, besides=new).items()):
            yield Pair(new, old, likeness)


class Index:
    """People by what a likeness needs: a way to reach them, or a birth date with a part of the name."""

    def __init__(self, people: Mapping[int, Person]):
        self.people: dict[int, Person] = {}
        self.places: dict[object, list[int]] = defaultdict(list)
        for key, person in people.items():
            self.add(key, person)

    def add(self, key: int, person: Person) -> None:
        self.people[key] = person
        for place in {
            *_contacts(person),
            *_by_name(person, [person.date_of_birth, person.date_of_birth.year]),
        }:
            self.places[place].append(key)

    def alike(self, person: Person, besides: int | None = None) -> dict[int, Likeness]:
        """The most similar people, the best first; of very many candidates only the first are compared."""
        found = {}
        for key in self._candidates(person):
            if key != besides and (likeness := compare(person, self.people[key])).is_possible:
                found[key] = likeness
        best = sorted(found, key=lambda key: (-found[key].score, key))
        return {key: found[key] for key in best[:MOST_SHOWN]}

    def _candidates(self, person: Person) -> list[int]:
        born = person.date_of_birth
        dates = [born, *sorted(likely_birth_dates(born) - {born})]
        years = years_around(born) if is_unknown_birthday(born) else ()
        places = [*_contacts(person), *_by_name(person, [*dates, *years])]
        keys = dict.fromkeys(key for place in places for key in self.places.get(place, ())[:MOST_COMPARED])
        return [*keys][:MOST_COMPARED]


def _contacts(person: Person) -> Iterator[str]:
    yield from filter(None, (person.abha_number, person.email, person.phone))


def _by_name(person: Person, days: Iterable[date | int]) -> Iterator[tuple]:
    names = sorted(name_places(person.full_name), key=lambda name: (-len(name), name))  # whole names first
    for day in days:
        for name in names:
            yield day, name


def person_of(patient: Patient) -> Person:
    """The patient as it is compared."""
    contact = (patient.phone, patient.email, patient.abha_number)
    return _person(patient.full_name, patient.date_of_birth, *contact)


def _person(full_name: str, date_of_birth: date, phone, email: str | None, abha_number: str | None) -> Person:
    return Person(
        full_name=full_name,
        date_of_birth=date_of_birth,
        phone=str(phone or ""),
        email=tidy_email(email or ""),
        abha_number=abha_number or "",
    )
