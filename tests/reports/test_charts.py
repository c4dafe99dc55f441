"""What stands beside the bars and lines of a chart: units as people say them."""

import datetime as dt
from decimal import Decimal

import pytest

from hms.reports.charts import drawing_of
from hms.reports.question import Chart, Column, Kind, Question
from hms.reports.scope import Scope
from hms.reports.services import Answer

pytestmark = pytest.mark.feature("R03")
DAY = dt.date(2026, 6, 10)


def labels(chart: Chart, kind: Kind, *values) -> list[str]:
    """The texts of a chart of the values but for the names of its rows."""
    columns = (Column("name", "Name", Kind.TEXT), Column("value", "Value", kind, is_drawn=True))
    question = Question("any", "Any", "", "", columns, list, chart=chart)
    rows = [{"name": "row", "value": value} for value in values]
    drawing = drawing_of(Answer(question, Scope(DAY, DAY, by=None), rows), lambda *_asked: "")
    return [label.text for label in drawing.labels if label.text not in ("row", "")]


def test_amounts_are_said_in_lakh_and_crore():
    amounts = [Decimal(text) for text in ("999.50", "94098", "123456", "25000000")]

    assert labels(Chart.BARS, Kind.MONEY, *amounts) == ["1,000", "94,098", "1.2 L", "2.5 Cr"]
    assert labels(Chart.LINES, Kind.MONEY, Decimal(150_000)) == ["0", "50,000", "1 L", "1.5 L"]


def test_shares_have_one_decimal_place():
    assert labels(Chart.BARS, Kind.SHARE, Decimal("16.7"), Decimal(20)) == ["16.7 %", "20.0 %"]


def test_an_axis_of_patients_has_no_half_of_one():
    assert labels(Chart.STACKED, Kind.COUNT, 1, 2) == ["0", "1", "2"]
