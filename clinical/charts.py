"""Coordinates of line charts that templates draw as SVG; nothing here knows what is measured.

All lines of a chart have one unit. The view box is sized for a phone, so that text stays readable there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 340, 190
LEFT, RIGHT, TOP, BOTTOM = 38, 26, 12, 26
MOST_STEPS = 5
Point = tuple[float, float]


class UnitsDiffer(ValueError):
    """Values in different units cannot have one axis."""


@dataclass(frozen=True)
class Series:
    """Points of one measure, in ascending order of x."""

    label: str
    unit: str
    points: Sequence[Point]
    is_reference: bool = False  # a percentile, drawn without dots and labelled at its end


@dataclass(frozen=True)
class Line:
    label: str
    number: int  # of the style, from 1; references have 0
    path: str
    dots: tuple[tuple[int, int], ...]
    end: tuple[int, int]


@dataclass(frozen=True)
class Chart:
    lines: tuple[Line, ...]
    x_ticks: tuple[tuple[int, str], ...]
    y_ticks: tuple[tuple[int, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM
    x_label_y: int = HEIGHT - 8
    y_label_x: int = LEFT - 6


@dataclass(frozen=True)
class Axis:
    """Maps values to coordinates; the ticks have round numbers and include the ends."""

    low: float
    high: float
    start: int
    end: int

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def chart_of(series: Sequence[Series], x_ticks: Sequence[tuple[float, str]], x_range: Point) -> Chart:
    """The chart of series with one unit; raises `UnitsDiffer` for more."""
    if len({each.unit for each in series}) != 1:
        raise UnitsDiffer
    values = [y for each in series for _x, y in each.points]
    ticks = round_steps(min(values), max(values))
    x_axis = Axis(*_widened(*x_range), LEFT, WIDTH - RIGHT)
    y_axis = Axis(ticks[0], ticks[-1], HEIGHT - BOTTOM, TOP)
    numbers = iter(range(1, len(series) + 1))
    return Chart(
        lines=tuple(
            _line(each, 0 if each.is_reference else next(numbers), x_axis, y_axis) for each in series
        ),
        x_ticks=tuple((round(x_axis.at(x)), label) for x, label in x_ticks),
        y_ticks=tuple((round(y_axis.at(y)), f"{y:g}") for y in ticks),
    )


def round_steps(low: float, high: float) -> list[float]:
    """At most six round numbers at equal distances, from at or below `low` to at or above `high`."""
    low, high = _widened(low, high)
    rough = (high - low) / MOST_STEPS
    size = 10 ** floor(log10(rough))
    for step in (size, 2 * size, 2.5 * size, 5 * size, 10 * size, 20 * size):
        first, last = floor(low / step), ceil(high / step)
        if last - first <= MOST_STEPS:
            break
    return [round(step * number, 6) for number in range(first, last + 1)]


def _widened(low: float, high: float) -> Point:
    return (low, high) if high > low else (low - 1, high + 1)


def _line(series: Series, number: int, x_axis: Axis, y_axis: Axis) -> Line:
    places = [(x_axis.at(x), y_axis.at(y)) for x, y in series.points]
    dots = [(round(x), round(y)) for x, y in places]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return Line(str(series.label), number, path, () if series.is_reference else tuple(dots), dots[-1])
