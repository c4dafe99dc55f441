"""Fixtures: a browser, its visitors, and a clock that starts on a Monday at nine."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visitor import Visitor

MONDAY_AT_NINE = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin"))
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the journeys of a module; without Chromium they fail rather than being skipped."""
    program = shutil.which("chromium")
    assert program, "Chromium is not installed: `make setup` installs it"
    with sync_playwright() as playwright:
        # Playwright's event loop runs in this thread, where Django otherwise refuses queries.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield browser
        browser.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The server's clock, running; a test may move it."""
    with time_machine.travel(MONDAY_AT_NINE) as coordinates:
        yield coordinates


@pytest.fixture
def visitor(chromium, clock, live_server) -> Iterator[Callable[..., Visitor]]:
    """A factory: each call returns another person with their own browser."""
    visitors = []

    def arrive(**options) -> Visitor:
        visitors.append(Visitor(chromium, live_server.url, now=MONDAY_AT_NINE, **options))
        return visitors[-1]

    yield arrive
    for each in visitors:
        each.leaves()
