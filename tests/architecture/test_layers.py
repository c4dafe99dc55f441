"""Rules that import-linter does not check: imports between screens, and names of higher layers in text.

Templates outside the folder of an app belong to the frame of the site and may refer to every app. So may
`hms.site` and `hms.api`, which join the apps, with `templates/joined` and `templates/site`.
"""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin import AdminSite
from django.template import engines
from django.urls import URLPattern, get_resolver

ROOT = Path(settings.BASE_DIR)
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
LAYERS, ROOMS = CONTRACTS["contracts"][:2]
RANKS = {
    name.strip(" ()"): rank
    for rank, layer in enumerate(reversed(LAYERS["layers"]))
    for name in layer.split(":")
}
SCREENS = {"views", "admin", "forms", "urls", "api", "templatetags"}
JOINS = {"hms.site", "hms.urls", "hms.api"}
OURS = {config.name: config for config in apps.get_app_configs() if config.name in ROOMS["containers"]}
BY_FOLDER = {name.rpartition(".")[2]: name for name in OURS} | {"joined": "hms.site"}
TAGS = engines["django"].engine.libraries
OF_DJANGOS_ADMIN = {pattern.name for pattern in AdminSite().get_urls()}

URL = re.compile(r"""\{%\s*url\s+['"]([^'"]+)['"]""")
TEMPLATE = re.compile(r"""\{%\s*(?:include|extends)\s+['"]([^'"]+)['"]""")
LOAD = re.compile(r"\{%\s*load\s+(?:[^%]+\sfrom\s)?([^%]+?)\s*%\}")


def test_every_app_has_its_packages_in_the_contract():
    ours = {
        config.name for config in apps.get_app_configs() if Path(config.path).parent in (ROOT, ROOT / "hms")
    }

    assert set(OURS) == ours


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*CONTRACTS["root_packages"])


def test_screens_do_not_import_screens_of_other_apps(graph):
    found = {
        f"{module} -> {imported}"
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
        if (theirs := app_of(imported)) not in (app_of(module), "hms.core")
        and imported.removeprefix(theirs + ".").split(".")[0] in SCREENS
        and app_of(module) not in JOINS
    }

    assert found == set()


def app_of(module: str) -> str:
    return ".".join(module.split(".")[: 2 if module.startswith("hms.") else 1])


def test_templates_refer_to_nothing_in_higher_layers():
    folder = ROOT / "templates"
    named = {
        str(path): above(
            owner_of_template(str(path.relative_to(folder))), named_in_template(path.read_text())
        )
        for path in folder.rglob("*.*")
        if path.suffix in (".html", ".txt")
    }

    assert len(named) > 100
    assert {path: names for path, names in named.items() if names} == {}


def test_modules_refer_to_nothing_in_higher_layers():
    named = {
        str(path): above(name, named_in_code(path.read_text()))
        for name, config in OURS.items()
        for path in Path(config.path).rglob("*.py")
    }

    assert len(named) > 300
    assert {path: names for path, names in named.items() if names} == {}


def above(owner: str | None, named: Iterator[tuple[str, str | None]]) -> set[str]:
    """Names that belong to a layer above the owner's, or to another app in the same layer."""
    if owner is None or owner in JOINS:
        return set()
    return {
        name
        for name, theirs in named
        if theirs not in (None, owner) and (theirs in JOINS or RANKS[theirs] >= RANKS[owner])
    }


def named_in_template(source: str) -> Iterator[tuple[str, str | None]]:
    yield from ((name, owner_of_address(name)) for name in URL.findall(source))
    yield from ((name, owner_of_template(name)) for name in TEMPLATE.findall(source))
    for library in " ".join(LOAD.findall(source)).split():
        yield library, next((name for name in OURS if TAGS[library].startswith(name + ".")), None)


def named_in_code(source: str) -> Iterator[tuple[str, str | None]]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if node.value.endswith((".html", ".txt")):
            yield node.value, owner_of_template(node.value)
        elif re.fullmatch(r"[a-z]+:[a-z][a-z_-]+", node.value):
            yield node.value, owner_of_address(node.value)


def owner_of_template(name: str) -> str | None:
    """The app of a template by its folder, also below `admin/`; None for the frame of the site."""
    first, *others = name.split("/")
    if first == "admin" and len(others) > 1:
        first = others[0]
    return BY_FOLDER.get(first) if others else None


def owner_of_address(name: str) -> str | None:
    namespace, _, rest = name.rpartition(":")
    if namespace != "admin":
        return owners_of_namespaces().get(namespace)
    if rest in OF_DJANGOS_ADMIN:
        return None
    of_model = (app for app, config in OURS.items() if rest.startswith(config.label + "_"))
    return next(of_model, None) or own_pages_of_admin().get(rest)


@cache
def owners_of_namespaces() -> dict[str, str]:
    found = {}
    for name in OURS:
        if find_spec(f"{name}.urls"):
            module = __import__(f"{name}.urls", fromlist=["app_name"])
            found[module.app_name] = name
    return found


@cache
def own_pages_of_admin() -> dict[str, str]:
    """Apps of the pages of the staff site that belong to no model, by the module of the view."""
    _path, resolver = get_resolver().namespace_dict["admin"]
    owners = {
        pattern.name: app_of(inspect.unwrap(pattern.callback).__module__)
        for pattern in all_patterns(resolver)
    }
    return {name: owner for name, owner in owners.items() if owner in OURS}


def all_patterns(resolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from all_patterns(pattern)


@pytest.mark.parametrize(
    ("owner", "source", "expected"),
    [
        ("scheduling", "{% url 'billing:list-bills' %}", {"billing:list-bills"}),
        ("scheduling", "{% url 'site:home' %}{% url 'accounts:list-family' %}", {"site:home"}),
        ("scheduling", "{% load i18n visit_bill %}", {"visit_bill"}),
        ("scheduling", "{% load visit_price from visit_price %}", {"visit_price"}),
        ("scheduling", "{% include 'billing/_price_table.html' %}", {"billing/_price_table.html"}),
        ("scheduling", '{% include "admin/billing/x.html" %}', {"admin/billing/x.html"}),
        ("scheduling", "{% url 'admin:take-desk-payment' x %}", {"admin:take-desk-payment"}),
        ("scheduling", "{% url 'admin:billing_invoice_change' x %}", {"admin:billing_invoice_change"}),
        ("scheduling", "{% url 'admin:index' %}{% extends 'base.html' %}{% load money %}", set()),
        ("accounts", "{% extends 'scheduling/_field.html' %}", {"scheduling/_field.html"}),
        ("billing", "{% url 'scheduling:list-doctors' %}{% load money visit_bill %}", set()),
        ("hms.site", "{% url 'billing:list-bills' %}", set()),
        (None, "{% url 'billing:list-bills' %}", set()),
    ],
)
def test_the_guard_finds_a_name_of_a_higher_layer_in_a_template(owner, source, expected):
    assert above(owner, named_in_template(source)) == expected


def test_the_guard_finds_a_name_of_a_higher_layer_in_code():
    source = 'render(redirect("billing:list-bills"), "billing/pay_bill.html", reverse("admin:day-board"))'

    found = above("scheduling", named_in_code(source))

    assert found == {"billing:list-bills", "billing/pay_bill.html", "admin:day-board"}
