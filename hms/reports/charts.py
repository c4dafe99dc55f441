"""Places of bars, lines and cells that a template draws as SVG: a chart of the rows that the table shows.

The view box is sized for a phone, so that text stays readable there. Nothing is drawn of zeros alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from clinical.charts import round_steps
from hms.reports.question import Chart, Column, Kind, Row
from hms.reports.services import Answer
from hms.reports.words import shown

WIDTH, HEIGHT = 340, 190
LEFT, RIGHT, TOP, BOTTOM = 38, 8, 12, 26
NAMES_END, VALUES_BEGIN = 126, 300  # of horizontal bars
ROW_HEIGHT, BAR_HEIGHT, ROW_GAP = 12, 10, 8
LONGEST_NAME = 22
MOST_BARS = 40
MOST_DOTS = 62
HEAT_LEFT, HEAT_TOP, HEAT_CELL = 38, 16, 12
LAKH, CRORE = 100_000, 10_000_000
LEAST_SHADE = 0.07  # so that the hours without visits are seen
Href = Callable[[Row, Column], str]


@dataclass(frozen=True)
class Bar:
    """A rectangle with what it says; `shade` is its opacity in a heat map."""

    x: float
    y: float
    width: float
    height: float
    number: int
    title: str
    href: str = ""
    shade: str = "1"


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str
    place: str = "start"  # where it is anchored: start, middle or end


@dataclass
class Drawing:
    height: int = HEIGHT
    width: int = WIDTH
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bars: list[Bar] = field(default_factory=list)
    lines: list[tuple[int, str]] = field(default_factory=list)
    dots: list[Bar] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    grid: list[float] = field(default_factory=list)
    key: list[tuple[int, str]] = field(default_factory=list)


def drawing_of(answer: Answer, href: Href) -> Drawing | None:
    """None if there is nothing to see."""
    question = answer.question
    if question.chart is None or not any(_value(row, one) for row in answer.rows for one in question.drawn):
        return None
    draw = {Chart.BARS: _bars, Chart.STACKED: _stacked, Chart.LINES: _lines, Chart.HEAT: _heat}[
        question.chart
    ]
    drawing = draw(answer.rows, question.label_column, question.drawn, href)
    if question.chart != Chart.HEAT and len(question.drawn) > 1:
        drawing.key = [(number, str(one.label)) for number, one in enumerate(question.drawn, 1)]
    return drawing


def _value(row: Row, column: Column) -> float:
    return float(row[column.name] or 0)


def _title(row: Row, label: Column, column: Column) -> str:
    return f"{shown(row[label.name], label.kind)}, {column.label}: {shown(row[column.name], column.kind)}"


def _bars(rows: Sequence[Row], label: Column, drawn: list[Column], href: Href) -> Drawing:
    """Horizontal, the largest ones if there are many; the table has all."""
    if len(rows) > MOST_BARS:
        chosen = sorted(rows, key=lambda row: -_value(row, drawn[0]))[:MOST_BARS]
        rows = [row for row in rows if row in chosen]
    most = max(_value(row, one) for row in rows for one in drawn)
    drawing = Drawing(height=len(rows) * (ROW_HEIGHT * len(drawn) + ROW_GAP) + ROW_GAP)
    y = ROW_GAP
    for row in rows:
        name = str(shown(row[label.name], label.kind))
        name = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        drawing.labels.append(Label(NAMES_END - 4, y + BAR_HEIGHT - 1, name, "end"))
        for number, one in enumerate(drawn, 1):
            width = round(_value(row, one) / most * (VALUES_BEGIN - NAMES_END), 1)
            drawing.bars.append(
                Bar(NAMES_END, y, width, BAR_HEIGHT, number, _title(row, label, one), href(row, one))
            )
            drawing.labels.append(Label(NAMES_END + width + 3, y + BAR_HEIGHT - 1, _short(row, one)))
            y += ROW_HEIGHT
        y += ROW_GAP
    return drawing


def _short(row: Row, column: Column) -> str:
    value = _value(row, column)
    if column.kind == Kind.MONEY:
        return _in_rupees(value, ".1f")
    if column.kind == Kind.SHARE:
        return f"{value:.1f} %"
    return f"{value:,.0f}" if column.kind in (Kind.COUNT, Kind.MINUTES) else f"{value:g}"


def _in_rupees(value: float, form: str) -> str:
    """In lakh and crore, as amounts are said, from one lakh on."""
    if value >= CRORE:
        return f"{value / CRORE:{form}} Cr"
    return f"{value / LAKH:{form}} L" if value >= LAKH else f"{value:,.0f}"


def _on_axis(value: float, kind: Kind) -> str:
    if kind == Kind.MONEY:
        return _in_rupees(value, "g")
    if kind == Kind.COUNT and value % 1:
        return ""  # there is no half a patient
    return f"{value / 1000:g}k" if value >= 10_000 else f"{value:g}"


def _frame(rows: Sequence[Row], label: Column, kind: Kind, most: float) -> tuple[Drawing, float, float]:
    """A drawing with axes, the width of a row, and the height of one unit."""
    steps = round_steps(0, most or 1)
    step, unit = (WIDTH - LEFT - RIGHT) / len(rows), (HEIGHT - TOP - BOTTOM) / steps[-1]
    drawing = Drawing()
    for value in steps:
        y = round(HEIGHT - BOTTOM - value * unit, 1)
        drawing.grid.append(y)
        drawing.labels.append(Label(LEFT - 4, y + 3, _on_axis(value, kind), "end"))
    for place in sorted({0, (len(rows) - 1) // 2, len(rows) - 1}):
        anchor = "end" if place and place == len(rows) - 1 else "start" if place == 0 else "middle"
        x = {"start": LEFT, "end": WIDTH - RIGHT}.get(anchor, LEFT + (place + 0.5) * step)
        drawing.labels.append(
            Label(round(x, 1), HEIGHT - 8, str(shown(rows[place][label.name], label.kind)), anchor)
        )
    return drawing, step, unit


def _stacked(rows: Sequence[Row], label: Column, drawn: list[Column], href: Href) -> Drawing:
    most = max(sum(_value(row, one) for one in drawn) for row in rows)
    drawing, step, unit = _frame(rows, label, drawn[0].kind, most)
    for place, row in enumerate(rows):
        y = HEIGHT - BOTTOM
        for number, one in enumerate(drawn, 1):
            height = round(_value(row, one) * unit, 1)
            y -= height
            if height:
                at = (round(LEFT + (place + 0.1) * step, 1), round(y, 1), round(step * 0.8, 1), height)
                drawing.bars.append(Bar(*at, number, _title(row, label, one), href(row, one)))
    return drawing


def _lines(rows: Sequence[Row], label: Column, drawn: list[Column], href: Href) -> Drawing:
    """What is None is no point."""
    most = max(_value(row, one) for row in rows for one in drawn)
    drawing, step, unit = _frame(rows, label, drawn[0].kind, most)
    for number, one in enumerate(drawn, 1):
        points = [
            (round(LEFT + (place + 0.5) * step, 1), round(HEIGHT - BOTTOM - _value(row, one) * unit, 1), row)
            for place, row in enumerate(rows)
            if row[one.name] is not None
        ]
        drawing.lines.append((number, " ".join(f"{x},{y}" for x, y, _row in points)))
        if len(points) <= MOST_DOTS:
            drawing.dots += [
                Bar(x, y, 0, 0, number, _title(row, label, one), href(row, one)) for x, y, row in points
            ]
    return drawing


def _heat(rows: Sequence[Row], label: Column, drawn: list[Column], href: Href) -> Drawing:
    """Columns of the table downwards, its rows from left to right."""
    most = max(_value(row, one) for row in rows for one in drawn)
    drawing = Drawing(height=HEAT_TOP + HEAT_CELL * len(drawn) + 4)
    for place, row in enumerate(rows):
        x = HEAT_LEFT + place * HEAT_CELL
        if place % 3 == 0:
            drawing.labels.append(Label(x, HEAT_TOP - 4, str(shown(row[label.name], label.kind))))
        for line, one in enumerate(drawn):
            shade = f"{max(_value(row, one) / most, LEAST_SHADE):.2f}"
            at = (x, HEAT_TOP + line * HEAT_CELL, HEAT_CELL - 1, HEAT_CELL - 1)
            drawing.bars.append(Bar(*at, 1, _title(row, label, one), href(row, one), shade))
    for line, one in enumerate(drawn):
        drawing.labels.append(
            Label(HEAT_LEFT - 4, HEAT_TOP + line * HEAT_CELL + 9, str(one.label)[:3], "end")
        )
    return drawing
