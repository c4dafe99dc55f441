"""A person at a browser, with the steps of a journey as methods."""

import re
from datetime import datetime

from django.conf import settings
from django.test import Client
from playwright.sync_api import APIResponse, Browser, Locator, expect

from accounts.models import User
from tests.browser.inspection import Watch, copy_into, findings_of_axe, is_wider_than_its_window

PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
Words = str | re.Pattern


class Visitor:
    """One person with their own browser, which checks every page that it opens.

    Each page must pass axe, fit into its window, and have no failed script or request; see `looks`.
    """

    def __init__(
        self,
        browser: Browser,
        site: str,
        *,
        now: datetime,
        javascript: bool = True,
        width: int = 1280,
        dark: bool = False,
    ):
        options = {"viewport": {"width": width, "height": 800}, "reduced_motion": "reduce", "base_url": site}
        options["color_scheme"] = "dark" if dark else "light"
        self.site = site
        self.context = browser.new_context(java_script_enabled=javascript, **options)
        self.context.set_default_timeout(PATIENCE_MS)
        # Without scripts axe cannot run, so it checks a copy of the page in a separate browser.
        self.inspector = None if javascript else browser.new_page(**options)
        self.watch = Watch(self.context)
        if javascript:
            self.context.clock.install(time=now)
        else:
            self.inspector.goto("/healthz")  # for the site's own addresses
        self.page = self.context.new_page()

    def logs_in_as(self, user: User) -> None:
        """Log in without the form, which the reception's journey uses."""
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": session.key, "value": session.value, "url": self.site}])

    # --- Navigating ---------------------------------------------------------------------------

    def opens(self, path: str) -> None:
        self.page.goto(path)
        self.looks()

    def is_refused(self, path: str, status: int) -> None:
        """The response is an error page with this status, which the console reports too."""
        response = self.page.goto(path)
        assert response.status == status
        self.watch.forgives(response.url)
        self.looks()

    def follows(self, words: Words, inside: str = "main") -> None:
        self.clicks(self.link(words, inside))

    def presses(self, words: Words, inside: str = "main") -> None:
        self.clicks(self.button(words, inside))

    def presses_in_vain(self, words: Words) -> None:
        """Submit a form that is refused with this status."""
        with self.page.expect_navigation():
            self.button(words).click()
        self.watch.forgives(self.page.url)
        self.looks()

    def clicks(self, control: Locator) -> None:
        """Click an element that opens another page or changes the address."""
        with self.page.expect_navigation():
            control.click()
        self.looks()

    def fetches(self, words: Words) -> APIResponse:
        """Request the target of a link with this browser's cookies."""
        return self.context.request.get(self.link(words).get_attribute("href"))

    # --- Filling in ---------------------------------------------------------------------------

    def fills(self, **answers: str) -> None:
        """Fill inputs by name: `full_name="Asha Rao"`."""
        for name, words in answers.items():
            self.page.locator(f"main [name={name}]:visible").fill(words)

    def selects(self, **answers: str) -> None:
        for name, words in answers.items():
            self.page.locator(f"main select[name={name}]").select_option(label=words)

    def ticks(self, words: Words) -> None:
        """Tick a radio button or check box by its label."""
        radio = self.page.get_by_role("radio", name=words)
        radio.or_(self.page.get_by_role("checkbox", name=words)).first.check()

    def picks(self, box: str, words: str) -> None:
        """Choose from an autocomplete list by the name of its input."""
        self.page.locator(f".field-{box} .select2-selection").click()
        self.page.locator(".select2-search__field").last.fill(words)
        self.page.locator(".select2-results__option", has_text=words).first.click()

    # --- Reading ------------------------------------------------------------------------------

    def link(self, words: Words, inside: str = "main") -> Locator:
        return self.page.locator(inside).get_by_role("link", name=words).first

    def button(self, words: Words, inside: str = "main") -> Locator:
        return self.page.locator(inside).get_by_role("button", name=words).first

    @property
    def heading(self) -> str:
        return self.page.locator("main h1").first.inner_text()

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each)

    def sees_no(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("main")).not_to_contain_text(each)

    def looks(self) -> None:
        """Fail if anything is wrong with the current page."""
        self.page.wait_for_load_state()
        troubles = self.troubles()
        assert not troubles, "\n".join(troubles)

    def troubles(self) -> list[str]:
        where = self.page.url.removeprefix(self.site)
        page = copy_into(self.inspector, self.page) if self.inspector else self.page
        found = [*self.watch.troubles, *findings_of_axe(page)]
        if is_wider_than_its_window(page):
            found.append("wider than the window")
        return [f"{where}: {trouble}" for trouble in found]

    def leaves(self) -> None:
        self.context.close()
        if self.inspector:
            self.inspector.close()
        assert not self.watch.troubles, "\n".join(self.watch.troubles)
