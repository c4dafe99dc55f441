"""Counts what a person does at a page: clicks and keys, as the browser receives them."""

from tests.browser.visitor import Visitor

LISTEN = """
for (const [sign, kind] of [["pointerdown", "clicks"], ["keydown", "keys"]]) {
  addEventListener(sign, (event) => { if (event.isTrusted) countOne(kind); }, { capture: true });
}
"""


class Counted:
    """The clicks and keystrokes of a visitor from now on; typing key by key, never filling in at once."""

    def __init__(self, visitor: Visitor):
        self.visitor, self.page = visitor, visitor.page
        self.clicks = self.keys = 0
        visitor.context.expose_binding("countOne", self.counts)
        visitor.context.add_init_script(LISTEN)

    def counts(self, _source, kind: str) -> None:
        setattr(self, kind, getattr(self, kind) + 1)

    def types(self, words: str) -> None:
        """Into the box that has the focus; a line break is the Enter key."""
        self.page.keyboard.type(words)

    def types_into(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=True).click()
        self.types(words)

    def presses(self, key: str, times: int = 1) -> None:
        for _each in range(times):
            self.page.keyboard.press(key)

    def goes_on_with(self, key: str) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.visitor.looks()

    def __str__(self) -> str:
        return f"{self.clicks} clicks, {self.keys} keystrokes"
