"""The page that shows the API: another's script, under the policy of this site."""

import pytest
from playwright.sync_api import expect

from tests.browser.inspection import findings_of_axe, is_wider_than_its_window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.feature("I02"),
]


@pytest.fixture
def docs(chromium, live_server):
    """A function that opens the page in a window of a width; in the end the browser has refused nothing."""
    pages, complaints = [], []

    def open_page(width: int):
        page = chromium.new_page(viewport={"width": width, "height": 800})
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}/api/v1/docs/")
        expect(page.get_by_role("heading", name="Hospital API")).to_be_visible(timeout=30_000)
        expect(page.locator("#operations-bookings-book")).to_be_visible()
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert complaints == []


def test_everything_is_accessible_and_reached_by_keyboard_on_a_telephone_too(docs):
    page = docs(360)
    closed = findings_of_axe(page)

    for name in ("bookings-list_bookings", "doctors-put_photo", "transactions-void_transaction"):
        page.locator(f"#operations-{name} .opblock-summary-control").focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"#operations-{name} .opblock-body")).to_be_visible()
    opened = findings_of_axe(page)
    page.get_by_role("button", name="Try it out").first.press("Enter")
    page.locator("button.authorize").first.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()

    assert [closed, opened, findings_of_axe(page)] == [[], [], []]
    assert not is_wider_than_its_window(page)
