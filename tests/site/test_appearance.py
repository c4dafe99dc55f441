"""Style sheets and templates: contrast, no inline code, no missing icon."""

import re
from pathlib import Path

import pytest

from hms.core import stylesheets

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = ROOT / "static" / "css"

# background: the colours used on it
TEXT = {
    "paper": {"ink", "ink-soft", "brand", "bad", "ok"},
    "card": {"ink", "ink-soft", "brand", "brand-strong", "bad", "ok"},
    "sunk": {"ink", "ink-soft", "brand"},
    "brand-tint": {"ink", "ink-soft", "brand", "brand-strong"},
    "brand": {"on-brand"},
    "brand-strong": {"on-brand"},
    "bad": {"on-bad"},
    "bad-strong": {"on-bad"},
    "deep": {"on-deep", "on-deep-soft"},
    "deepest": {"on-deep", "on-deep-soft", "accent"},
    "accent-tint": {"ink", "accent-ink"},
    "ok-tint": {"ink", "ok"},
    "bad-tint": {"ink", "bad"},
    "info-tint": {"ink", "info"},
    "violet-tint": {"violet"},
}
BORDERS = {"paper": {"line-strong", "brand", "focus"}, "card": {"line-strong", "brand", "focus"}}
STAFF_TEXT = {
    "body-bg": {"body-fg", "body-quiet-color", "link-fg", "error-fg"},
    "darkened-bg": {"body-fg", "body-quiet-color", "link-fg"},
    "selected-row": {"body-fg", "link-fg"},
    "breadcrumbs-bg": {"breadcrumbs-fg", "breadcrumbs-link-fg"},
    "header-bg": {"header-color", "header-link-color", "header-branding-color"},
    "primary": {"primary-fg"},
    "button-bg": {"button-fg"},
    "object-tools-bg": {"object-tools-fg"},
    "message-error-bg": {"body-fg"},
    "message-warning-bg": {"body-fg"},
    "message-success-bg": {"body-fg"},
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast_on_its_background(scheme):
    colours = schemes_of_the_site()[scheme]

    assert too_faint(colours, TEXT, 4.5) == []
    assert too_faint(colours, BORDERS, 3) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_of_the_staff_site_has_enough_contrast(scheme):
    colours = schemes_of_the_staff_site()[scheme]

    assert too_faint(colours, STAFF_TEXT, 4.5) == []


def test_the_switch_of_the_staff_site_shows_the_same_dark_as_the_system():
    by_switch, by_system = blocks_of_the_staff_site()[1:]

    assert by_switch == by_system


LETTER = "notifications/message.html"  # programs for mail know no sheets, and no policy of ours


def test_no_template_carries_inline_code_that_the_policy_would_refuse():
    inline = re.compile(
        r"""\sstyle=|\son[a-z]+=["']|javascript:|<style"""
        r"""|<script(?![^>]*\ssrc=)(?![^>]*application/json)"""
    )

    pages = [path for path in TEMPLATES if not str(path).endswith(LETTER)]
    assert len(pages) == len(TEMPLATES) - 1
    assert [name(path) for path in pages if inline.search(path.read_text())] == []


def test_no_template_or_sheet_loads_anything_from_elsewhere():
    elsewhere = re.compile(r"""(?:src|href)=["'](?:https?:)?//|url\(["']?(?:https?:)?//|@import""")
    files = [*TEMPLATES, *SHEETS.rglob("*.css")]

    assert [name(path) for path in files if elsewhere.search(path.read_text())] == []


def test_every_icon_that_a_template_names_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/img/icons.svg").read_text()))
    tag = re.compile(r'\{% icon "([\w-]+)"|"_empty_state\.html" with [^%]*?\bicon="([\w-]+)"')
    named = {one or other for path in TEMPLATES for one, other in tag.findall(path.read_text())}

    assert len(named) > 20
    assert named - drawn == set()


def test_every_sheet_that_is_linked_exists_and_every_sheet_is_linked():
    linked = {
        sheet
        for path in TEMPLATES
        for sheet in re.findall(r"""static ['"]css/([\w./-]+\.css)['"]""", path.read_text())
    }
    linked |= {part.removeprefix("css/") for parts in stylesheets.SHEETS.values() for part in parts}
    written = {str(path.relative_to(SHEETS)) for path in SHEETS.rglob("*.css")}

    assert linked - written == {"bootstrap.min.css", "bootstrap.rtl.min.css"}
    assert written - linked - USED_BY_CODE == set()


# Used by the PDF code, or named in a Media class of the admin.
USED_BY_CODE = {
    sheet
    for path in (ROOT / "billing", ROOT / "scheduling", ROOT / "accounts", ROOT / "hms", ROOT / "audit")
    for code in path.rglob("*.py")
    for sheet in re.findall(r"""["']css/([\w./-]+\.css)["']""", code.read_text())
}


def schemes_of_the_site() -> dict[str, dict[str, str]]:
    light, dark = blocks((SHEETS / "tokens.css").read_text())[:2]
    return {"light": light, "dark": light | dark}


def schemes_of_the_staff_site() -> dict[str, dict[str, str]]:
    light, dark = blocks_of_the_staff_site()[:2]
    return {"light": light, "dark": light | dark}


def blocks_of_the_staff_site() -> list[dict[str, str]]:
    return blocks((SHEETS / "admin-tokens.css").read_text())


def blocks(sheet: str) -> list[dict[str, str]]:
    """The colours of each rule of a style sheet, in order."""
    return [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", rule)) for rule in re.findall(r"\{([^{}]*)\}", sheet)
    ]


def too_faint(colours: dict[str, str], pairs: dict[str, set[str]], least: float) -> list[tuple]:
    return [
        (ink, ground, round(found, 2))
        for ground, inks in pairs.items()
        for ink in sorted(inks)
        if (found := contrast(colours[ink], colours[ground])) < least
    ]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
