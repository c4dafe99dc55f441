"""A stylesheet without the rules that no page can use, because a class they ask for occurs nowhere."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

EDGE = re.compile(r"[{};]")
# Commas between selectors, not those within `:is(...)`.
COMMA = re.compile(r",(?![^(]*\))")
# What stands in brackets may also be true of something without the class: `:not(.disabled)`.
BRACKETS = re.compile(r"\([^()]*\)")
CLASS = re.compile(r"\.([a-zA-Z_-][\w-]*)")
WORD = re.compile(r"[\w-]+")
STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
CLASS_ATTRIBUTE = re.compile(r"class=[^>]*")
# Whose markup stands in our pages beside our own.
PACKAGES = ("allauth", "crispy_forms", "crispy_bootstrap5")
# What crispy_forms.bootstrap offers, which no form of ours takes.
EXTRAS = re.compile(r"crispy_forms/bootstrap\.py$|crispy_bootstrap5/.*(accordion|modal|tab)")


def without_unused_rules(css: str, used: set[str]) -> str:
    """Keep rules for elements, and those whose classes are all used; `css` has no comments."""
    return "".join(_kept(css, used))


def _kept(css: str, used: set[str]) -> Iterator[str]:
    for head, body in _blocks(css):
        if head.startswith(("@media", "@supports")):
            if inside := without_unused_rules(body, used):
                yield f"{head}{{{inside}}}"
        elif head.startswith("@"):
            yield f"{head}{{{body}}}" if body else f"{head};"
        elif selectors := [each for each in COMMA.split(head) if _can_match(each, used)]:
            yield f"{','.join(selectors)}{{{body}}}"


def _can_match(selector: str, used: set[str]) -> bool:
    while selector != (selector := BRACKETS.sub("", selector)):
        pass
    return used.issuperset(CLASS.findall(selector))


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """Each rule as what stands before its braces and within; a statement without braces has an empty body."""
    start, depth, head, opened = 0, 0, "", 0
    for edge in EDGE.finditer(css):
        if edge[0] == "{":
            depth += 1
            if depth == 1:
                head, opened = css[start : edge.start()].strip(), edge.end()
        elif edge[0] == "}":
            depth -= 1
            if depth == 0:
                yield head, css[opened : edge.start()]
                start = edge.end()
        elif depth == 0:
            yield css[start : edge.start()].strip(), ""
            start = edge.end()


def words_of_pages() -> set[str]:
    """Every word that may be a class of a page: of templates and scripts, and of strings in code."""
    found: set[str] = set()
    ours = Path(settings.BASE_DIR)
    folders = [*map(Path, settings.TEMPLATES[0]["DIRS"]), *map(Path, settings.STATICFILES_DIRS)]
    for config in apps.get_app_configs():
        folder = Path(config.path)
        if folder.is_relative_to(ours) and ".venv" not in folder.parts:
            folders.append(folder)
        elif config.name in PACKAGES:
            found |= _words(folder, "*.html", CLASS_ATTRIBUTE) | _words(folder, "*.py", STRING)
    for folder in folders:
        found |= _words(folder, "*.html") | _words(folder, "*.js") | _words(folder, "*.py", STRING)
    return found


def _words(folder: Path, files: str, within: re.Pattern | None = None) -> set[str]:
    texts = [path.read_text() for path in folder.rglob(files) if not EXTRAS.search(str(path))]
    if within:
        texts = [part for text in texts for part in within.findall(text)]
    return {word for text in texts for word in WORD.findall(text)}
