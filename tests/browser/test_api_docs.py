"""The page that shows the API: another's script, under the policy of this site."""

import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.feature("I02"),
]


def test_every_resource_is_shown_and_the_browser_refuses_nothing(chromium, live_server):
    page = chromium.new_page()
    complaints = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(f"{live_server.url}/api/v1/docs/")

    expect(page.get_by_role("heading", name="Hospital API")).to_be_visible(timeout=30_000)
    expect(page.locator("#operations-bookings-book")).to_be_visible()
    assert complaints == []
    page.close()
