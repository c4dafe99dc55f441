"""Released results of one sample, as doctors and patients read them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clinical.lab_trends import Point, Trend, trends_for
from clinical.models import LabResult
from clinical.statuses import UNUSUAL, Flag


@dataclass(frozen=True)
class Line:
    """One result with its trend."""

    result: LabResult
    trend: Trend

    @property
    def previous(self) -> Point | None:
        return self.trend.before(self.result)

    @property
    def plain_words(self) -> str:
        """What the result means, for the patient."""
        if self.result.is_withdrawal:
            return _("withdrawn by the laboratory")
        distance = self.result.distance
        if distance is not None and not self.result.comparator:
            return str(distance.label)
        return {
            Flag.NORMAL: _("as usual"),
            Flag.NO_RANGE: _("no usual range to compare with"),
        }.get(self.result.flag, _("not as usual"))


@dataclass(frozen=True)
class Report:
    """The results of one sample, the critical ones first."""

    lines: list[Line]

    @property
    def first(self) -> LabResult:
        return self.lines[0].result

    @property
    def title(self) -> str:
        orders = [line.result.order for line in self.lines]
        return ", ".join({str(order.panel or order.test): None for order in orders})

    @property
    def is_critical(self) -> bool:
        return any(line.result.is_critical for line in self.lines)

    @property
    def is_overdue(self) -> bool:
        return any(line.result.is_overdue for line in self.lines)

    @property
    def unusual(self) -> int:
        return sum(line.result.flag in UNUSUAL for line in self.lines)

    @property
    def notes(self) -> list[str]:
        """The doctor's words to the patient, each once."""
        notes = {line.result.note_for_patient: None for line in self.lines}
        return [note for note in notes if note]

    @property
    def verifiers(self) -> list[str]:
        people = {str(line.result.verified_by): None for line in self.lines if line.result.verified_by}
        return list(people)

    @property
    def has_trends(self) -> bool:
        return any(line.trend.is_shown for line in self.lines)

    @property
    def waiting(self) -> list[Line]:
        return [line for line in self.lines if line.result.is_waiting]


def reports_of(visible: QuerySet, results: Iterable[LabResult]) -> list[Report]:
    """The results by sample, in the order in which the first of each comes; trends from the visible rows."""
    results = list(results)
    trends = trends_for(visible, results) if results else {}
    by_sample: dict[tuple, list[Line]] = {}
    for result in results:
        line = Line(result, trends[result.patient_id, result.order.test_id])
        by_sample.setdefault((result.order.label, result.patient_id), []).append(line)
    return [Report(lines) for lines in by_sample.values()]
