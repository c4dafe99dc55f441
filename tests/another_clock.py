"""Runs the tests at a turn of the day, month or year: `pytest -p tests.another_clock`.

Each run chooses a moment at random and reports it; CLOCK=<name> repeats it. The clock runs on from there,
in this process and its workers. Other programs, such as a database server, keep the real time.
"""

import os
import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import time_machine

from tests.settings import TIME_ZONE

HERE = ZoneInfo(TIME_ZONE)

MOMENTS = {
    "the-day-ends-here": datetime(2027, 6, 15, 23, 50, tzinfo=HERE),
    "the-day-begins-here-and-not-in-utc": datetime(2027, 6, 16, 0, 10, tzinfo=HERE),
    "the-day-ends-in-utc": datetime(2027, 6, 15, 23, 50, tzinfo=UTC),
    "the-day-begins-in-utc": datetime(2027, 6, 16, 0, 5, tzinfo=UTC),
    "before-the-day-of-23-hours": datetime(2027, 3, 27, 23, 30, tzinfo=HERE),
    "the-day-of-23-hours-begins": datetime(2027, 3, 28, 0, 30, tzinfo=HERE),
    "the-day-of-23-hours-ends": datetime(2027, 3, 28, 23, 30, tzinfo=HERE),
    "before-the-day-of-25-hours": datetime(2027, 10, 30, 23, 30, tzinfo=HERE),
    "the-day-of-25-hours-begins": datetime(2027, 10, 31, 0, 30, tzinfo=HERE),
    "the-day-of-25-hours-ends": datetime(2027, 10, 31, 23, 30, tzinfo=HERE),
    "28-february-of-a-leap-year-ends": datetime(2028, 2, 28, 23, 50, tzinfo=HERE),
    "29-february": datetime(2028, 2, 29, 12, 0, tzinfo=HERE),
    "29-february-ends": datetime(2028, 2, 29, 23, 50, tzinfo=HERE),
    "31-march": datetime(2028, 3, 31, 9, 30, tzinfo=HERE),
    "31-march-ends": datetime(2028, 3, 31, 23, 50, tzinfo=HERE),
    "new-years-eve": datetime(2027, 12, 31, 23, 50, tzinfo=HERE),
    "the-year-begins-here-and-not-in-utc": datetime(2028, 1, 1, 0, 10, tzinfo=HERE),
}

name = os.environ.setdefault("CLOCK", random.choice(list(MOMENTS)))  # the workers inherit it


def pytest_configure() -> None:
    # As a number: a datetime would set its time zone for the whole process.
    time_machine.travel(MOMENTS[name].timestamp()).start()


def pytest_report_header() -> str:
    return f"clock: {MOMENTS[name].astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} (CLOCK={name})"


def pytest_terminal_summary(terminalreporter) -> None:
    terminalreporter.write_line(pytest_report_header())
