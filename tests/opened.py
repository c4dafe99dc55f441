"""Submits forms like a browser: opens the page first and sends all its inputs with the new answers."""

from html.parser import HTMLParser


def opened(client, page: str) -> dict[str, list[str]]:
    """The data that the page's longest form sends without any input."""
    return boxes_of(client.get(page))


def send(client, page: str, answers: dict):
    """Open the page and send the answers together with the form's hidden inputs."""
    return client.post(page, unseen(client, page) | answers)


def unseen(client, page: str) -> dict[str, list[str]]:
    """The hidden inputs of the page's form."""
    reader = FormReader(client.get(page).content.decode())
    return reader.longest(reader.hidden)


def boxes_of(response) -> dict[str, list[str]]:
    reader = FormReader(response.content.decode())
    return reader.longest(reader.boxes)


class FormReader(HTMLParser):
    """The POST forms of a page, each with its inputs and their values."""

    def __init__(self, html: str):
        super().__init__()
        self.boxes: list[dict[str, list[str]]] = []
        self.hidden: list[dict[str, list[str]]] = []
        self.is_open = False
        self.area = self.select = None
        self.feed(html)

    def longest(self, forms: list[dict]) -> dict[str, list[str]]:
        sizes = [len(form) for form in self.boxes]
        return dict(forms[sizes.index(max(sizes))]) if sizes else {}

    def handle_starttag(self, tag, attrs):
        box = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_open = box.get("method", "").lower() == "post"
            if self.is_open:
                self.boxes.append({})
                self.hidden.append({})
        elif self.is_open and box.get("name") and tag in ("input", "select", "textarea"):
            self.add_box(tag, box)
        elif self.select and tag == "option" and "selected" in box:
            self.keep(self.select, box.get("value", ""))

    def add_box(self, tag: str, box: dict) -> None:
        kind = box.get("type", "text")
        if tag == "textarea":
            self.area = box["name"]
            self.keep(self.area, "")
        elif tag == "select":
            self.select = box["name"]
        elif kind in ("checkbox", "radio"):
            if "checked" in box:
                self.keep(box["name"], box.get("value", "on"))
        elif kind not in ("submit", "button", "file"):
            self.keep(box["name"], box.get("value", ""))
            if kind == "hidden" and box["name"] != "csrfmiddlewaretoken":
                self.hidden[-1].setdefault(box["name"], []).append(box.get("value", ""))

    def keep(self, name: str, value: str) -> None:
        self.boxes[-1].setdefault(name, []).append(value)

    def handle_data(self, data):
        if self.area:
            self.boxes[-1][self.area][-1] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            texts = self.boxes[-1][self.area]
            texts[-1] = texts[-1].removeprefix("\r").removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.is_open = False
