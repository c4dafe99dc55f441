"""A partial date is a year, a month or a day, and neither more nor less exact than it was entered."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hms.core.partial_dates import PartialDate

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))
FORMATS = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}


@pytest.mark.parametrize(
    ("entered", "first", "precision", "shown"),
    [
        ("2019", date(2019, 1, 1), "year", "2019"),
        ("2019-05", date(2019, 5, 1), "month", "May 2019"),
        (" 2019-5-7 ", date(2019, 5, 7), "day", "7 May 2019"),
    ],
)
def test_a_year_a_month_or_a_day_is_read(entered, first, precision, shown):
    read = PartialDate.parse(entered)

    assert (read.first, read.precision, str(read)) == (first, precision, shown)


@pytest.mark.parametrize(
    "entered", ["", "19", "0000", "05/2019", "2019-13", "2019-02-30", "2019-05-20-1", "2019-", "٢٠١٩"]
)
def test_anything_else_is_refused(entered):
    with pytest.raises(ValueError):  # noqa: PT011 - the text differs
        PartialDate.parse(entered)


@given(DAYS, DAYS, st.sampled_from(sorted(FORMATS)))
def test_it_is_before_a_day_if_all_its_days_are_and_after_if_its_first_day_is(day, other, precision):
    partial = PartialDate.parse(f"{day:{FORMATS[precision]}}")
    last = max(
        each
        for each in (day + timedelta(days=step) for step in range(366))
        if f"{each:{FORMATS[precision]}}" == f"{day:{FORMATS[precision]}}"
    )

    assert partial.is_before(other) == (last < other)
    assert partial.is_after(other) == (partial.first > other)
    assert partial.first <= day <= last
