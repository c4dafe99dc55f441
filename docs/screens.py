"""Takes the pictures that the documents show: `make screens`, or `make screens ARGS="home board"`.

A demo hospital in a database that is thrown away, always on the same Monday morning: when pictures are
taken again, only what has changed looks changed.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import django
import time_machine
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parent / "pictures"
MONDAY = datetime(2026, 11, 23, 10, 40, tzinfo=ZoneInfo("Asia/Kolkata"))
HEIGHTS = {360: 760, 768: 1000, 1440: 900}
COLOURS = 256
SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--force-color-profile=srgb", "--lang=en-IN"]


def main(names: list[str]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="hms-screens-"))
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{folder / 'hospital.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "hms.settings",
        "DEBUG": "True",  # static files as they lie there
        "HTTPS": "False",
        "LOG_LEVEL": "ERROR",
        "TIME_ZONE": str(MONDAY.tzinfo),
    }
    django.setup()
    hospital = import_module("docs.hospital")  # needs the models
    try:
        with time_machine.travel(MONDAY), hospital.opened() as (site, pictures):
            take(site, [picture for picture in pictures if not names or picture.name in names])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def take(site: str, pictures: Iterable) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
        for picture in pictures:
            for width in picture.widths:
                path = FOLDER / f"{picture.name}-{width}.png"
                shoot(browser, site, picture, width, path)
                if not os.environ.get("RAW"):
                    shrink(path)
                sys.stdout.write(f"{path.name}  {path.stat().st_size // 1024} KB\n")
        browser.close()


def shoot(browser: Browser, site: str, picture, width: int, path: Path) -> None:
    """One page as it first stands in the window."""
    viewport = {"width": width, "height": HEIGHTS[width]}
    options = {"base_url": site, "viewport": viewport, "locale": "en-IN", "reduced_motion": "reduce"}
    context = browser.new_context(**options)
    context.clock.set_fixed_time(datetime.now(UTC))  # the hospital's clock, which runs
    if picture.session:
        context.add_cookies([{"name": picture.session.key, "value": picture.session.value, "url": site}])
    page = context.new_page()
    answer = page.goto(picture.path)
    if not answer.ok:
        raise SystemExit(f"{picture.path} answers {answer.status}")
    page.evaluate("document.fonts.ready")
    if picture.scrolled_to:
        page.locator(picture.scrolled_to).evaluate("part => part.scrollIntoView()")
    page.screenshot(path=path)
    context.close()


def shrink(path: Path) -> None:
    """Few colours are enough for pages, and keep the repository small."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS, kmeans=2, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
