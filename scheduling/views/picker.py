"""The slot picker: a week of days and the free times of one day, as plain strings."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.template.loader import get_template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hms.core.days import local_day
from scheduling.availability import (
    BookingTerms,
    DoctorTerms,
    Move,
    Reason,
    Slot,
    explain,
    next_free,
    offered_slots,
)
from scheduling.models import Doctor
from scheduling.moments import day_and_clock, day_label, parse_day
from scheduling.places import ANYWHERE, AskedPlace
from scheduling.statuses import name_of_place
from scheduling.views.parts_of_day import parts_of

DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Picker:
    """Whose times to show and where they link to; a time is appended to the `book` address."""

    doctors: list[Doctor | DoctorTerms]
    book: str
    page: str
    times: str = ""
    any_doctor: bool = False
    asked: AskedPlace = ANYWHERE
    kind: str = ""  # of visit
    move: Move | None = None

    @property
    def terms(self) -> BookingTerms:
        terms = BookingTerms.for_patients().of_kind(self.kind).at(self.asked.place)
        return terms.moving(self.move) if self.move else terms

    @property
    def kept(self) -> str:
        """What each address of the picker keeps of the one that it is shown at."""
        kind = f"kind={self.kind}" if self.kind else ""
        return "".join(f"&{part}" for part in (kind, self.asked.query) if part)

    def slots_around(self, day: date) -> dict[date, list[Slot]]:
        """The seven days around a day, counted from today, each with its free times."""
        first_day, last_day = horizon()
        start = first_day + timedelta(days=(day - first_day).days // DAYS_A_WEEK * DAYS_A_WEEK)
        end = min(start + timedelta(days=DAYS_A_WEEK - 1), last_day)
        found: dict[date, list[Slot]] = {start + timedelta(days=n): [] for n in range((end - start).days + 1)}
        days = list(found)
        ends = [local_day(day)[1].timestamp() for day in days]
        for slot in self._slots(start, end):
            found[days[bisect_right(ends, slot.start)]].append(slot)
        return found

    def week(self, counts: dict[date, int], chosen: date) -> dict:
        (first_day, last_day), start, end = horizon(), min(counts), max(counts)
        earlier, later = start - timedelta(days=DAYS_A_WEEK), start + timedelta(days=DAYS_A_WEEK)
        page, times, kept = str(self.page), str(self.times), self.kept
        return {
            "title": _("%(first)s to %(last)s")
            % {"first": date_format(start, "j M"), "last": date_format(end, "j M")},
            "days": [
                _day(free, day == chosen, _Addresses(day, page, times, kept)) for day, free in counts.items()
            ],
            "earlier": _plus(page, "week", earlier) + kept if earlier >= first_day else "",
            "later": _plus(page, "week", later) + kept if later <= last_day else "",
        }

    def times_on(self, day: date, slots: list[Slot] | None = None, *, focus: bool = False) -> SafeString:
        """One day's free times by part of the day; where there are none, why, and when there are."""
        slots = self._slots(day, day) if slots is None else slots
        context = {
            "title": day_label(day, get_language()),
            "count": ngettext("%d free time", "%d free times", len(slots)) % len(slots) if slots else "",
            "parts": parts_of(slots, self.book, with_place=self.any_doctor),
            "focus": focus,
        }
        if not slots:
            context |= {"why": self._why_none(day), **self._ways_on(day)}
        return get_template("scheduling/_times.html").render(context)

    def first_free_day(self) -> date:
        """The first day with a free time; today if the horizon has none."""
        first = earliest(next_free(self.doctors, terms=self.terms).values())
        return first.starts_at.date() if first else timezone.localdate()

    def _slots(self, first: date, last: date) -> list[Slot]:
        """Free times of all the doctors; each moment appears once per place."""
        found = offered_slots(self.doctors, first, last, terms=self.terms)
        if len(found) == 1:
            return next(iter(found.values()))
        merged = {_place_of(slot): slot for slots in found.values() for slot in slots}
        return [merged[place] for place in sorted(merged)]

    def _page_of(self, day: date) -> str:
        return _plus(str(self.page), "day", day) + self.kept

    def _ways_on(self, day: date) -> dict:
        """The next free time; elsewhere, if the place that was asked for has none."""
        found = self._next_after(day)
        if found or not self.asked.query:
            return {"next": found}
        elsewhere = replace(self, asked=ANYWHERE)
        return {"next": elsewhere._next_after(day), "asked": self.asked, "all": elsewhere._page_of(day)}

    def _next_after(self, day: date) -> dict | None:
        """The first free time after the day, otherwise the first of all."""
        tomorrow = day + timedelta(days=1)
        slot = earliest(next_free(self.doctors, first_day=tomorrow, terms=self.terms).values())
        slot = slot or earliest(next_free(self.doctors, terms=self.terms).values())
        if slot is None:
            return None
        return {
            "label": day_and_clock(slot.starts_at),
            "place": name_of_place(slot.branch[0], slot.mode),
            "page": self._page_of(slot.starts_at.date()),
        }

    def _why_none(self, day: date) -> str:
        if len(self.doctors) != 1:
            return ""
        reasons = {explained.reason for explained in explain(self.doctors[0], day, terms=self.terms)}
        return str(reasons.pop().label) if len(reasons) == 1 else ""


class _Addresses(NamedTuple):
    """Of a day on the page, and of its times alone."""

    day: date
    page: str
    times: str
    kept: str

    def at(self, address: str) -> str:
        return _plus(address, "day", self.day) + self.kept if address else ""


def _day(free: int, is_chosen: bool, addresses: _Addresses) -> dict:
    day = addresses.day
    name, month = _names_of(day, get_language())
    return {
        "name": name,
        "number": day.day,
        "month": month,
        "free": ngettext("%d free", "%d free", free) % free if free else _("none"),
        "is_free": free > 0,
        "is_chosen": is_chosen,
        "page": addresses.at(addresses.page),
        "times": addresses.at(addresses.times),
    }


def _plus(address: str, name: str, value: object) -> str:
    return f"{address}{'&' if '?' in address else '?'}{name}={value}"


@lru_cache(maxsize=512)
def _names_of(day: date, _language: str | None) -> tuple[str, str]:
    return date_format(day, "D"), date_format(day, "F")


def horizon() -> tuple[date, date]:
    """The first and last day that patients may book."""
    today = timezone.localdate()
    return today, today + timedelta(days=settings.BOOKING["horizon_days"])


def chosen_day(text: str) -> tuple[date | None, str]:
    """The day in the address, or the reason why it cannot be shown."""
    if not text:
        return None, ""
    first, last = horizon()
    day = parse_day(text)
    if day is None:
        return None, _("This is not a valid day. Choose one of these.")
    if day < first:
        return None, _("That day has passed. Choose one of these.")
    if day > last:
        until = date_format(last, "l j F")
        return None, _("Bookings are only open until %(until)s. Choose one of these.") % {"until": until}
    return day, ""


def _place_of(slot: Slot) -> tuple:
    return slot.start, slot.branch_id, slot.mode


def earliest(slots: Iterable[Slot | None]) -> Slot | None:
    return min((slot for slot in slots if slot), key=lambda slot: slot.start, default=None)


def reason_against(starts_at: datetime, slot: Slot | None) -> Reason | None:
    """Why a time in an address cannot be booked; None if it can."""
    if slot:
        return slot.reason
    if starts_at <= timezone.now():
        return Reason.PAST
    is_far = timezone.localtime(starts_at).date() > horizon()[1]
    return Reason.BEYOND_HORIZON if is_far else Reason.NOT_A_SLOT
