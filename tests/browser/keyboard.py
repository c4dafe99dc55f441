"""Going about with the keyboard alone."""

from playwright.sync_api import TimeoutError as NotInTime

from tests.browser.visitor import Visitor

MOST_TABS = 80
SOON_MS = 3_000
# What a screen reader would say of the element that has the focus.
NAME = """() => {
  const it = document.activeElement;
  const labels = [...(it.labels || [])].map((label) => label.innerText).join(" ");
  return (it.getAttribute("aria-label") || labels || it.innerText || "").replace(/\\s+/g, " ").trim();
}"""
# A ring around the element, or around the card that its label is; and on the screen.
SHOWS = """() => {
  const it = document.activeElement;
  const box = it.getBoundingClientRect();
  const rings = [it, ...(it.labels || [])].map((part) => getComputedStyle(part));
  const ring = rings.some((style) => style.boxShadow !== "none" ||
    (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2));
  return ring && box.bottom > 0 && box.top < innerHeight;
}"""


class Keyboard:
    """Tab, arrows, Enter and letters; the focus must be seen wherever it goes."""

    def __init__(self, visitor: Visitor):
        self.visitor, self.page = visitor, visitor.page

    def tabs_to(self, words: str) -> None:
        """Press Tab until what is called so has the focus."""
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
        """At once, but for the frame that a browser needs to paint it."""
        try:
            self.page.wait_for_function(SHOWS, timeout=SOON_MS)
        except NotInTime as never:
            raise AssertionError(f"the focus is not to be seen: {name}") from never

    def presses(self, key: str) -> None:
        self.page.keyboard.press(key)

    def goes_on_with(self, key: str = "Enter") -> None:
        """A key that leads to another page."""
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
        """Of a group of radio buttons, in which one has the focus."""
        for _each in range(MOST_TABS):
            if self.page.evaluate(NAME).startswith(words) and self.page.evaluate(
                "document.activeElement.checked"
            ):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{words} was not reached")
