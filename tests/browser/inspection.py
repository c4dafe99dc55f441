"""Finds faults in a page: accessibility, console errors, failed requests, width."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

axe = Axe()
# axe would preload style sheets, which the content security policy refuses.
OPTIONS = {"resultTypes": ["violations"], "preload": False}

SCRIPTS = re.compile(r"<script\b.*?</script>", re.DOTALL)


class Watch:
    """Collects a browser's errors: scripts, content security policy, requests, responses."""

    def __init__(self, context: BrowserContext):
        self.troubles: list[str] = []
        context.on("console", self.hears)
        context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))
        context.on("requestfailed", self.misses)
        context.on("response", self.receives)

    def hears(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.troubles.append(f"console: {message.text} ({message.location['url']})")

    def misses(self, request: Request) -> None:
        # The browser aborts requests when it leaves a page or downloads a file.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"request: {request.failure} {request.url}")

    def receives(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"answer: {response.status} {response.url}")

    def forgives(self, address: str) -> None:
        """Drop an error response that the journey expects, with its console messages."""
        self.troubles = [trouble for trouble in self.troubles if address not in trouble]


def findings_of_axe(page: Page) -> list[str]:
    found = axe.run(page, options=OPTIONS)
    return [
        f"{violation['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def is_wider_than_its_window(page: Page) -> bool:
    return page.evaluate("document.scrollingElement.scrollWidth > window.innerWidth")


def copy_into(inspector: Page, page: Page) -> Page:
    """A copy of the page without its own scripts, in a browser where scripts run."""
    inspector.set_content(SCRIPTS.sub("", page.content()))
    return inspector
