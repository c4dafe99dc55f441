"""The words by which doctors are found: of disciplines, complaints, places, languages, and names here."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import DateField
from django.utils import timezone

from accounts.models import Language
from hms.core.prepared import PreparedQuery
from scheduling import models
from scheduling.finding.matching import Entry, Found, Lexicon
from scheduling.finding.words import folded
from scheduling.models import Branch, Urgency
from scheduling.places import open_branches

DISCIPLINES = PreparedQuery(
    lambda _parameter: models.Discipline.objects.values_list("pk", "name", "words", "instead_id")
)
COMPLAINTS = PreparedQuery(
    lambda _parameter: models.Complaint.objects.values_list(
        *("pk", "name", "words", "not_meant", "urgency", "discipline_id", "is_listed")
    )
)
DOCTORS = PreparedQuery(
    lambda parameter: (
        models.Doctor.objects.bookable(parameter("day", DateField()))
        .order_by("full_name", "pk")
        .values_list(
            *("pk", "full_name", "gender", "specialization__name", "department__name", "department__slug")
        )
    )
)
LANGUAGES = PreparedQuery(lambda _parameter: Language.objects.values_list("code", "name"))
GENDERS = (("female", ("lady", "female", "woman doctor")), ("male", ("male", "gents")))
DISCIPLINE, COMPLAINT, PLACE = "discipline", "complaint", "place"
LANGUAGE, GENDER, NAME = "language", "gender", "name"


@dataclass(frozen=True)
class Discipline:
    pk: int
    name: str
    words: str
    instead: int | None


@dataclass(frozen=True)
class Complaint:
    pk: int
    name: str
    words: str
    not_meant: str
    urgency: str
    discipline: int
    is_listed: bool

    @property
    def is_alarm(self) -> bool:
        return self.urgency != Urgency.ROUTINE

    @property
    def is_crisis(self) -> bool:
        return self.urgency == Urgency.CRISIS


@dataclass(frozen=True)
class Doctor:
    """A doctor who can be booked, as far as the search knows."""

    pk: int
    full_name: str
    gender: str
    specialization: str
    department: str
    slug: str

    @property
    def names(self) -> str:
        return folded(f"{self.full_name} {self.specialization} {self.department}")


class Words:
    """All tables of words as one lexicon; keys are pairs of a kind and the key of a row.

    A page that has read the open branches and the languages (code and name) already may give them.
    """

    def __init__(self, branches: Iterable[Branch] | None = None, languages: Iterable | None = None):
        self.disciplines = {row[0]: Discipline(*row) for row in DISCIPLINES.rows()}
        self.complaints = {row[0]: Complaint(*row) for row in COMPLAINTS.rows()}
        self.languages = dict(LANGUAGES.rows() if languages is None else languages)
        self.doctors = [Doctor(*row) for row in DOCTORS.rows(day=timezone.localdate())]
        self.branches = {each.pk: each for each in (open_branches() if branches is None else branches)}
        self.lexicon, self.disciplines_of = _lexicon(
            tuple(self.disciplines.values()),
            tuple(self.complaints.values()),
            tuple(self.languages.items()),
            tuple((pk, branch.name, branch.city, branch.county) for pk, branch in self.branches.items()),
            tuple(sorted({name for each in self.doctors for name in (each.specialization, each.department)})),
        )

    def find(self, text: str) -> list[Found]:
        return largest(self.lexicon.find(self.lexicon.read(text)))

    def doctors_of(self, discipline: int) -> list[Doctor]:
        return [
            doctor
            for doctor in self.doctors
            if discipline
            in self.disciplines_of[doctor.specialization] | self.disciplines_of[doctor.department]
        ]


def largest(found: list[Found]) -> list[Found]:
    """Without what is only a part of something else that was found, as “lump” in “lump in the breast”."""
    wholes = [each.at for each in found if each.key[0] != NAME]
    return [each for each in found if not any(each.at < whole for whole in wholes)]


@lru_cache(maxsize=4)
def _lexicon(disciplines, complaints, languages, places, names) -> tuple[Lexicon, dict[str, frozenset[int]]]:
    """The lexicon, and the disciplines of each name here; built again only when one of the rows changes."""
    lexicon = Lexicon(
        [
            *(Entry((DISCIPLINE, row.pk), (row.name, *row.words.splitlines())) for row in disciplines),
            *(
                Entry(
                    (COMPLAINT, row.pk),
                    (row.name, *row.words.splitlines()),
                    (*row.not_meant.splitlines(),),
                    is_whole=True,
                )
                for row in complaints
            ),
            *(Entry((LANGUAGE, code), (name,)) for code, name in languages),
            *(Entry((PLACE, pk), tuple(filter(None, called))) for pk, *called in places),
            *(Entry((GENDER, gender), words) for gender, words in GENDERS),
            *(Entry((NAME, name), (name,)) for name in names),
        ]
    )
    return lexicon, {name: _disciplines_of(name, lexicon) for name in names}


def _disciplines_of(name: str, lexicon: Lexicon) -> frozenset[int]:
    """The disciplines whose words are in the name of a department or specialization."""
    found = lexicon.find(lexicon.read(name), as_typed=None)
    return frozenset(each.key[1] for each in found if each.key[0] == DISCIPLINE)
