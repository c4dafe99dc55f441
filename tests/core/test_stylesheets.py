"""One stylesheet is made of many, and nothing is left out of Bootstrap that a page can use."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template.loader import render_to_string

from hms.core.stylesheets import BOOTSTRAP, PRINT, SHEETS, linked
from hms.core.unused_rules import without_unused_rules, words_of_pages

# What packages bring beside Bootstrap's sheets takes a minute to compress.
UNRELATED = ["admin", "account", "mfa", "django_htmx", "drf_spectacular_sidecar", "import_export"]
UNRELATED += ["bootstrap-*", "bootstrap.css*", "bootstrap.rtl.css*", "js"]
CSS = """@charset "UTF-8";body{margin:0}.used,.unused{color:red}.used.unused{a:b}
.used:not(.unused){c:d}a:is(.x, .y){e:f}@media print{.unused{a:b}}@media screen{.used>p,.unused{g:h}}
@keyframes turn{to{i:j}}"""


def test_rules_go_whose_classes_are_not_all_used():
    kept = without_unused_rules(CSS.replace("\n", ""), {"used"})

    assert kept == (
        '@charset "UTF-8";body{margin:0}.used{color:red}.used:not(.unused){c:d}a:is(.x, .y){e:f}'
        "@media screen{.used>p{g:h}}@keyframes turn{to{i:j}}"
    )


def test_nothing_is_lost_where_every_class_is_used():
    css = bootstrap()

    kept = without_unused_rules(css, set(re.findall(r"\.([a-zA-Z_-][\w-]*)", css)))

    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", css)


def test_no_class_of_bootstrap_that_a_template_names_is_dropped():
    css = bootstrap()
    defined = set(re.findall(r"\.([a-zA-Z_-][\w-]*)", css))
    named = {word for path in templates() for word in re.findall(r"[\w-]+", path.read_text())} & defined

    kept = without_unused_rules(css, words_of_pages())

    assert len(named) > 30
    assert named - set(re.findall(r"\.([a-zA-Z_-][\w-]*)", kept)) == set()


def test_classes_that_packages_and_code_write_are_used_too():
    assert words_of_pages() >= {"form-select", "is-invalid", "form-check-input", "visually-hidden"}


def test_no_form_of_ours_takes_the_extras_of_crispy_whose_classes_are_left_out():
    ours = (Path(config.path) for config in apps.get_app_configs() if ".venv" not in config.path)
    code = [path.read_text() for folder in ours for path in folder.rglob("*.py")]

    assert len(code) > 200
    assert [text for text in code if "from crispy_forms.bootstrap" in text] == []


def test_without_collected_files_the_parts_are_linked_in_order():
    assert linked("site")[0] == (f"/static/{BOOTSTRAP}", "all")
    assert (f"/static/{PRINT}", "print") in linked("site")
    assert [part for part, _media in linked("staff")] == [f"/static/{part}" for part in SHEETS["staff"]]


def test_a_page_links_one_sheet_where_files_have_been_collected(collected):
    page = render_to_string("500.html")

    [sheet] = re.findall(r'<link rel="stylesheet" href="/static/([^"]*)"', page)
    css = (collected / sheet).read_text()
    assert re.fullmatch(r"css/site\.[0-9a-f]{12}\.css", sheet)
    assert "/*" not in css
    assert ".doctor-card" in css
    assert ".carousel" not in css
    assert re.search(r"@media print \{\s", css)
    assert re.search(r'url\("\.\./fonts/atkinson-next-latin\.[0-9a-f]{12}\.woff2"\)', css)
    assert (collected / f"{sheet}.gz").exists()


def test_collecting_twice_gives_the_same_sheets(collected):
    first = {name: (collected / f"css/{name}.css").read_bytes() for name in SHEETS}

    collect()

    assert {name: (collected / f"css/{name}.css").read_bytes() for name in SHEETS} == first


@pytest.fixture
def collected(settings, tmp_path) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "hms.core.stylesheets.JoinedStaticFilesStorage"}
    }
    collect()
    return tmp_path


def collect() -> None:
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNRELATED)


def bootstrap() -> str:
    return re.sub(r"/\*.*?\*/", "", Path(finders.find(BOOTSTRAP)).read_text(), flags=re.DOTALL)


def templates() -> list[Path]:
    return [path for folder in settings.TEMPLATES[0]["DIRS"] for path in Path(folder).rglob("*.html")]
