"""Navigation with the keyboard alone."""

from playwright.sync_api import TimeoutError as NotInTime

from tests.browser.visitor import Visitor

MOST_TABS = 80
SOON_MS = 3_000
# The accessible name of the focused element.
NAME = """() => {
  const it = document.activeElement;
  const labels = [...(it.labels || [])].map((label) => label.innerText).join(" ");
  return (it.getAttribute("aria-label") || labels || it.innerText || "").replace(/\\s+/g, " ").trim();
}"""
# Whether the element, or the card that is its label, has a ring and is on the screen.
SHOWS = """() => {
  const it = document.activeElement;
  const box = it.getBoundingClientRect();
  const rings = [it, ...(it.labels || [])].map((part) => getComputedStyle(part));
  const ring = rings.some((style) => style.boxShadow !== "none" ||
    (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2));
  return ring && box.bottom > 0 && box.top < innerHeight;
}"""


class Keyboard:
    """Tab, arrows, Enter and letters; every focused element must show a visible ring."""

    def __init__(self, visitor: Visitor):
        self.visitor, self.page = visitor, visitor.page

    def tabs_to(self, words: str) -> None:
        """Press Tab until the element with this name has the focus."""
        passed = []
        for _each in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            name = self.page.evaluate(NAME)
            self.sees_the_focus(name)
            if name.startswith(words):
                return
            passed.append(name)
        raise AssertionError(f"{words} was not reached: {passed}")

    def sees_the_focus(self, name: str) -> None:
        """Waits for the browser to paint the ring."""
        try:
            self.page.wait_for_function(SHOWS, timeout=SOON_MS)
        except NotInTime as never:
            raise AssertionError(f"the focus is not visible: {name}") from never

    def presses(self, key: str) -> None:
        self.page.keyboard.press(key)

    def goes_on_with(self, key: str = "Enter") -> None:
        """Press a key that opens another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.visitor.looks()

    def follows(self, words: str) -> None:
        self.tabs_to(words)
        self.goes_on_with()

    def writes(self, box: str, words: str) -> None:
        self.tabs_to(box)
        self.page.keyboard.type(words)

    def turns_to(self, words: str, key: str = "ArrowDown") -> None:
        """Move within the focused group of radio buttons to the one with this name."""
        for _each in range(MOST_TABS):
            if self.page.evaluate(NAME).startswith(words) and self.page.evaluate(
                "document.activeElement.checked"
            ):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{words} was not reached")
