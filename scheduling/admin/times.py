"""The times of one doctor's day as buttons for the desk."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from django.utils import timezone
from django.utils.functional import cached_property

from scheduling.availability import BookingTerms, Explained, days_with_free, explain
from scheduling.forms.staff_booking import EXTRA, TAKEN
from scheduling.models import Doctor
from scheduling.moments import PartOfDay, clock, compact
from scheduling.own import has_been_seen
from scheduling.services.extra_places import ExtraPlace
from scheduling.services.slots import OCCUPIED
from scheduling.statuses import VisitKind, name_of_place

DAYS_SHOWN = 14


@dataclass
class Choice:
    time: Explained
    value: str
    is_chosen: bool

    @property
    def label(self) -> str:
        return clock(self.time.starts_at)

    @property
    def place(self) -> str:
        return name_of_place(self.time.branch, self.time.mode)

    @property
    def part_and_place(self) -> tuple[PartOfDay, str]:
        return PartOfDay.at(self.time.starts_at.hour), self.place


@dataclass
class ExtraChoice(Choice):
    """An extra place as a button, and what is expected of its session."""

    time: ExtraPlace

    @property
    def label(self) -> str:
        return clock(self.time.slot.starts_at)


@dataclass
class TimesOfDay:
    """Free and taken times of a day, and the number of free times on the days around it."""

    doctor: Doctor
    day: date
    chosen: str = ""  # the value of the button that was pressed before
    terms: BookingTerms = field(default_factory=BookingTerms.for_staff)

    @cached_property
    def explained(self) -> list[Explained]:
        return explain(self.doctor, self.day, terms=self.terms)

    @cached_property
    def free(self) -> list[Choice]:
        return [self._choice(time) for time in self.explained if time.reason is None]

    @cached_property
    def taken(self) -> list[Choice]:
        return [self._choice(time, TAKEN) for time in self.explained if time.reason in OCCUPIED]

    @cached_property
    def parts(self) -> list[tuple[PartOfDay, str, list[Choice]]]:
        parts = groupby(self.free, attrgetter("part_and_place"))
        return [(part, place, list(choices)) for (part, place), choices in parts]

    @cached_property
    def days(self) -> list[tuple[date, int]]:
        return days_with_free(self.doctor, self.first_day, DAYS_SHOWN, terms=self.terms)

    @property
    def first_day(self) -> date:
        monday = self.day - timedelta(days=self.day.weekday())
        today = timezone.localdate()
        return max(monday, today) if self.day >= today else monday

    @property
    def earlier(self) -> date:
        """Two weeks earlier, but not before today."""
        return max(self.first_day - timedelta(days=DAYS_SHOWN), timezone.localdate())

    @property
    def later(self) -> date:
        return self.first_day + timedelta(days=DAYS_SHOWN)

    def extra_choice(self, place: ExtraPlace) -> ExtraChoice:
        value = EXTRA + compact(place.slot.starts_at)
        return ExtraChoice(place, value, value == self.chosen)

    def _choice(self, time: Explained, prefix: str = "") -> Choice:
        value = prefix + compact(time.starts_at)
        return Choice(time, value, value == self.chosen)


def kind_of_visit(user, patient, doctor: Doctor, asked: str) -> str:
    """The kind that was answered; without an answer, by whether the patient has completed a visit here."""
    if not doctor.asks_kind:
        return ""
    if asked in VisitKind.values:
        return asked
    return VisitKind.FOLLOW_UP if has_been_seen(user, patient, doctor) else VisitKind.FIRST


def kinds_to_choose(chosen: str, page: str) -> list[tuple[str, str, bool]]:
    """Each kind as a link; none where the doctor keeps the same time for all visits."""
    return [(label, f"{page}kind={kind}", kind == chosen) for kind, label in VisitKind.choices if chosen]
