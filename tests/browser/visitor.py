"""Somebody at a browser, in the words of a journey."""

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
    """One person with a browser of their own, who notices whatever is wrong with a page.

    Every page that comes up is shown to axe, must fit into its window, and must not have broken,
    missed or refused anything: see `looks`.
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
        # Where scripts do not run, axe does not either: it gets a copy, in a browser of its own.
        self.inspector = None if javascript else browser.new_page(**options)
        self.watch = Watch(self.context)
        if javascript:
            self.context.clock.install(time=now)
        else:
            self.inspector.goto("/healthz")  # for the site's own addresses
        self.page = self.context.new_page()

    def logs_in_as(self, user: User) -> None:
        """Without the form, which the reception's journey goes through."""
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        self.context.add_cookies([{"name": session.key, "value": session.value, "url": self.site}])

    # --- Going about --------------------------------------------------------------------------

    def opens(self, path: str) -> None:
        self.page.goto(path)
        self.looks()

    def is_refused(self, path: str, status: int) -> None:
        """The answer is a page that says so; the browser says so too, in its console."""
        response = self.page.goto(path)
        assert response.status == status
        self.watch.forgives(response.url)
        self.looks()

    def follows(self, words: Words, inside: str = "main") -> None:
        self.clicks(self.link(words, inside))

    def presses(self, words: Words, inside: str = "main") -> None:
        self.clicks(self.button(words, inside))

    def presses_in_vain(self, words: Words) -> None:
        """The form is not taken, and the page that says so comes with that status."""
        with self.page.expect_navigation():
            self.button(words).click()
        self.watch.forgives(self.page.url)
        self.looks()

    def clicks(self, control: Locator) -> None:
        """Click what leads to another page, or to another address of this one."""
        with self.page.expect_navigation():
            control.click()
        self.looks()

    def fetches(self, words: Words) -> APIResponse:
        """What is behind a link, asked for with this browser's cookies."""
        return self.context.request.get(self.link(words).get_attribute("href"))

    # --- Filling in ---------------------------------------------------------------------------

    def fills(self, **answers: str) -> None:
        """Boxes by their names, `full_name="Asha Rao"`."""
        for name, words in answers.items():
            self.page.locator(f"main [name={name}]:visible").fill(words)

    def selects(self, **answers: str) -> None:
        for name, words in answers.items():
            self.page.locator(f"main select[name={name}]").select_option(label=words)

    def ticks(self, words: Words) -> None:
        """A radio button or a check box, by its words."""
        radio = self.page.get_by_role("radio", name=words)
        radio.or_(self.page.get_by_role("checkbox", name=words)).first.check()

    def picks(self, box: str, words: str) -> None:
        """From a list that is searched by typing, by the name of its box."""
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
        """Fail on anything that is wrong with the page as it stands."""
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
