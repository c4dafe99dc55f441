"""Patients who may be registered twice: before a registration, and among the latest registrations.

Only staff who see the patients are told. Sign-up does not ask and the family page asks only about the people
already in care, so that nobody outside learns whether a person is a patient.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from accounts.matching import Likeness, Person, compare, is_unknown_birthday, likely_birth_dates, years_around
from accounts.models import Patient
from accounts.names import tidy_email
from accounts.services.pairs import decided_pairs
from hms.core.rights import require

MOST_SHOWN = 10
LATEST, LATEST_DAYS = 300, 30
AT_ONCE = 100  # registrations compared with one query


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
    places = defaultdict(set)
    for pk, person in others.items():
        for place in _places(person):
            places[place].add(pk)
    for new, person in people.items():
        found = set().union(*(places[place] for place in _places_to_look(person)))
        for old in sorted(found - {new}):
            if (likeness := compare(person, others[old])).is_possible:
                yield Pair(new, old, likeness)


def _places(person: Person) -> Iterator[object]:
    """What a person is found by."""
    yield from filter(None, (person.phone, person.email, person.abha_number))
    yield from (person.date_of_birth, person.date_of_birth.year)


def _places_to_look(person: Person) -> Iterator[object]:
    yield from filter(None, (person.phone, person.email, person.abha_number))
    yield from likely_birth_dates(person.date_of_birth)
    if is_unknown_birthday(person.date_of_birth):
        yield from years_around(person.date_of_birth)


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
