"""Released results of one sample, as doctors and patients read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clinical.lab_jobs import waiting_of_panels
from clinical.lab_trends import Point, Trend, in_three_digits, trends_for
from clinical.models import LabResult
from clinical.models.lab_result import range_in_words
from clinical.statuses import UNUSUAL, Flag
from clinical.units import shown_unit

OTHER = "other"


@dataclass(frozen=True)
class Line:
    """One result with its trend, both in the unit of the result or in the other unit of its test."""

    result: LabResult
    trend: Trend
    unit: str

    @property
    def is_converted(self) -> bool:
        return self.result.value is not None and self.unit != self.result.unit

    @property
    def shown(self) -> str:
        if not self.is_converted:
            return self.result.shown
        return f"{self.result.comparator}{self._number(self.result.value)} {shown_unit(self.unit)}".strip()

    @property
    def shown_range(self) -> str:
        if not self.is_converted:
            return self.result.shown_range
        return range_in_words(self._number(self.result.low), self._number(self.result.high))

    def _number(self, value: Decimal | None) -> str:
        if value is None:
            return ""
        return in_three_digits(self.result.order.test.converted(value, self.result.unit, self.unit))

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
    incomplete: Sequence[str] = ()  # panels of which more is to come

    @property
    def other_units(self) -> list[str]:
        """The units to which the page can change, as they are written."""
        found = {shown_unit(other_unit_of(line.result, line.unit)): None for line in self.lines}
        return [unit for unit in found if unit]

    @property
    def is_converted(self) -> bool:
        return any(line.is_converted for line in self.lines)

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


def other_unit_of(result: LabResult, unit: str) -> str:
    """The other of the two usual units of a number; empty if there is none."""
    units = result.order.test.units
    return (
        next((one for one in units if one != unit), "") if unit in units and result.value is not None else ""
    )


def reports_of(
    visible: QuerySet, results: Iterable[LabResult], orders: QuerySet | None = None, *, units: str = ""
) -> list[Report]:
    """The results by sample, in the order in which the first of each comes; trends from the visible rows.

    `orders` are the visible orders, to name panels that are not complete. With units "other" numbers are
    shown in the other usual unit of their test, where it has one.
    """
    results = list(results)
    wanted = {
        result.pk: (other_unit_of(result, result.unit) if units == OTHER else "") or result.unit
        for result in results
    }
    trends = trends_for(visible, results, wanted) if results else {}
    by_sample: dict[tuple, list[Line]] = {}
    for result in results:
        line = Line(result, trends[result.patient_id, result.order.test_id], wanted[result.pk])
        by_sample.setdefault((result.order.label, result.patient_id), []).append(line)
    waiting = {} if orders is None else waiting_of_panels(orders, (one.order for one in results))
    return [
        Report(lines, [panel for label, panel in waiting if label == sample[0]])
        for sample, lines in by_sample.items()
    ]
