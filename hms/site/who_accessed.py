"""Shows patients and their carers the log of accesses and changes to the record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from accounts.access import carers_of
from accounts.models import Guardianship, Patient, Relation, User
from accounts.models.owned import patient_owned_models
from audit.anomalies.accesses import ACCESSES
from audit.models import AuditEvent
from audit.reading.search import of_patient
from hms.core.days import midnight
from hms.site.access_words import Description, describe
from scheduling.own import chosen_person, people_cared_for_by

# A page shows whole days until it has this many lines, and reads at most BATCH entries for them.
LINES_A_PAGE = 40
BATCH = 1_000
COLUMNS = (
    *("recorded_at", "action", "outcome", "actor_id", "actor_label", "actor_roles"),
    *("source", "model", "patient_id", "details", "reason"),
)


@dataclass
class Line:
    """The same access by the same person on one day, once or several times."""

    description: Description
    first_at: datetime
    last_at: datetime
    count: int = 1


@dataclass
class Day:
    day: date
    lines: list[Line]


@dataclass
class Reading:
    """Who reads the page, on which ground."""

    guardianship: Guardianship
    reader: User

    @cached_property
    def carers(self) -> set[int]:
        """All who have acted for the patient, also those whose guardianship has ended."""
        return carers_of(self.guardianship.patient)


@login_required
@require_safe
def who_accessed(request):
    """The accesses to one patient's record, newest first; only for carers who may see records."""
    people = [
        guardianship for guardianship in people_cared_for_by(request.user) if guardianship.may_see_records
    ]
    guardianship = _chosen(request, people)
    others_only = request.GET.get("show") == "others"
    entries = entries_about(guardianship.patient)
    if others_only:
        entries = entries.exclude(actor=request.user)
    days, earlier = days_until(entries, _asked_day(request), Reading(guardianship, request.user))
    context = {
        "people": people,
        "guardianship": guardianship,
        "is_self": guardianship.relation == Relation.SELF,
        "days": days,
        "earlier": earlier,
        "others_only": others_only,
        "today": timezone.localdate(),
        "yesterday": timezone.localdate() - timedelta(days=1),
    }
    return render(request, "site/who_accessed.html", context)


def _chosen(request, people: list[Guardianship]) -> Guardianship:
    """The requested patient, by default the user; any other patient is refused, and the attempt is logged."""
    if not people:
        raise Http404
    return chosen_person(request, people) or people[0]


def _asked_day(request) -> date | None:
    try:
        day = parse_date(request.GET.get("until", ""))
    except ValueError:
        return None
    return day if day and date.min.year < day.year < date.max.year else None


def entries_about(patient: Patient) -> QuerySet:
    """Log entries about the patient's record as dictionaries, newest first."""
    parts = [model._meta.label_lower for model in patient_owned_models() if model.is_part]
    found = AuditEvent.objects.filter(of_patient(patient.pk), action__in=ACCESSES)
    return found.exclude(model__in=parts).order_by("-recorded_at", "-pk").values(*COLUMNS)


def days_until(entries: QuerySet, until: date | None, reading: Reading) -> tuple[list[Day], date | None]:
    """Whole days backwards from `until`, and the day on which the next page starts."""
    if until:
        entries = entries.filter(recorded_at__lt=midnight(until + timedelta(days=1)))
    rows = list(entries[:BATCH])
    days = [
        (day, list(some)) for day, some in groupby(rows, lambda row: timezone.localdate(row["recorded_at"]))
    ]
    is_cut = len(rows) == BATCH
    if is_cut and len(days) == 1:  # such a full day is read in whole
        days = [(days[0][0], list(entries.filter(recorded_at__gte=midnight(days[0][0]))))]
        return [Day(days[0][0], _lines(days[0][1], reading))], days[0][0] - timedelta(days=1)
    left = days.pop()[0] if is_cut else None
    shown: list[Day] = []
    for day, some in days:
        if sum(len(each.lines) for each in shown) >= LINES_A_PAGE:
            return shown, day
        shown.append(Day(day, _lines(some, reading)))
    return shown, left


def _lines(rows: Iterable[dict], reading: Reading) -> list[Line]:
    """Equal descriptions merged into one line each, ordered by the latest time."""
    lines: dict[Description, Line] = {}
    for description, at in _described(rows, reading):
        line = lines.get(description)
        if line is None:
            lines[description] = Line(description, at, at)
        else:
            line.first_at, line.count = at, line.count + 1
    return list(lines.values())


def _described(rows: Iterable[dict], reading: Reading) -> Iterator[tuple[Description, datetime]]:
    patient = reading.guardianship.patient
    for row in rows:
        description = describe(
            row,
            reader=reading.reader,
            patient_name=patient.full_name,
            is_self=reading.guardianship.relation == Relation.SELF,
            carers=reading.carers,
        )
        yield description, row["recorded_at"]
